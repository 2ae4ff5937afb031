/** Companies listed in the United States. Sector names are those of the constitution's limits. */
import type { DirectoryBlock } from './directory-block.ts';

const technology = `
AAPL|Apple Inc.|Technology|apple, 애플
MSFT|Microsoft Corporation|Technology|microsoft, 마이크로소프트, 마소
NVDA|NVIDIA Corporation|Technology|nvidia, 엔비디아
AVGO|Broadcom Inc.|Technology|broadcom, 브로드컴
ORCL|Oracle Corporation|Technology|oracle, 오라클
CRM|Salesforce, Inc.|Technology|salesforce, 세일즈포스
AMD|Advanced Micro Devices, Inc.|Technology|advanced micro devices, 에이엠디
INTC|Intel Corporation|Technology|intel, 인텔
QCOM|QUALCOMM Incorporated|Technology|qualcomm, 퀄컴
TXN|Texas Instruments Incorporated|Technology|texas instruments
CSCO|Cisco Systems, Inc.|Technology|cisco, 시스코
ACN|Accenture plc|Technology|accenture
ADBE|Adobe Inc.|Technology|adobe, 어도비
IBM|International Business Machines Corporation|Technology|ibm, international business machines, 아이비엠
NOW|ServiceNow, Inc.|Technology|servicenow
INTU|Intuit Inc.|Technology|intuit
AMAT|Applied Materials, Inc.|Technology|applied materials
MU|Micron Technology, Inc.|Technology|micron, 마이크론
LRCX|Lam Research Corporation|Technology|lam research
KLAC|KLA Corporation|Technology|kla
ADI|Analog Devices, Inc.|Technology|analog devices
PANW|Palo Alto Networks, Inc.|Technology|palo alto
PLTR|Palantir Technologies Inc.|Technology|palantir, 팔란티어
SNOW|Snowflake Inc.|Technology|snowflake
CRWD|CrowdStrike Holdings, Inc.|Technology|crowdstrike
ANET|Arista Networks, Inc.|Technology|arista
DELL|Dell Technologies Inc.|Technology|dell
HPQ|HP Inc.|Technology|hewlett packard, hp
HPE|Hewlett Packard Enterprise Company|Technology|
MRVL|Marvell Technology, Inc.|Technology|marvell
SNPS|Synopsys, Inc.|Technology|synopsys
CDNS|Cadence Design Systems, Inc.|Technology|cadence
ADSK|Autodesk, Inc.|Technology|autodesk
SHOP|Shopify Inc.|Technology|shopify
DDOG|Datadog, Inc.|Technology|datadog
NET|Cloudflare, Inc.|Technology|cloudflare
SMCI|Super Micro Computer, Inc.|Technology|supermicro
WDAY|Workday, Inc.|Technology|workday
FTNT|Fortinet, Inc.|Technology|fortinet
ARM|Arm Holdings plc|Technology|arm`;

const communication = `
GOOGL|Alphabet Inc. Class A|Communication|alphabet, alphabet class a, 알파벳
GOOG|Alphabet Inc. Class C|Communication|google, alphabet class c, 구글
META|Meta Platforms, Inc.|Communication|meta, facebook, 메타, 페이스북
NFLX|Netflix, Inc.|Communication|netflix, 넷플릭스
DIS|The Walt Disney Company|Communication|disney, walt disney, 디즈니
CMCSA|Comcast Corporation|Communication|comcast
T|AT&T Inc.|Communication|at&t
VZ|Verizon Communications Inc.|Communication|verizon
TMUS|T-Mobile US, Inc.|Communication|t-mobile
EA|Electronic Arts Inc.|Communication|electronic arts
TTWO|Take-Two Interactive Software, Inc.|Communication|take-two
WBD|Warner Bros. Discovery, Inc.|Communication|warner bros
SPOT|Spotify Technology S.A.|Communication|spotify
SNAP|Snap Inc.|Communication|snapchat
PINS|Pinterest, Inc.|Communication|pinterest
RBLX|Roblox Corporation|Communication|roblox`;

const finance = `
BRK.B|Berkshire Hathaway Inc. Class B|Finance|berkshire, berkshire hathaway, brk-b, brkb, 버크셔 해서웨이, 버크셔
BRK.A|Berkshire Hathaway Inc. Class A|Finance|brk-a, brka
JPM|JPMorgan Chase & Co.|Finance|jpmorgan, jp morgan, jpmorgan chase, 제이피모건, 제이피모간
BAC|Bank of America Corporation|Finance|bank of america, bofa, 뱅크오브아메리카
WFC|Wells Fargo & Company|Finance|wells fargo
C|Citigroup Inc.|Finance|citi, citigroup, 씨티그룹
GS|The Goldman Sachs Group, Inc.|Finance|goldman, goldman sachs, 골드만삭스
MS|Morgan Stanley|Finance|morgan stanley, 모건스탠리
BLK|BlackRock, Inc.|Finance|blackrock, 블랙록
SCHW|The Charles Schwab Corporation|Finance|schwab, charles schwab
V|Visa Inc.|Finance|visa, 비자
MA|Mastercard Incorporated|Finance|mastercard, 마스터카드
AXP|American Express Company|Finance|amex, american express
PYPL|PayPal Holdings, Inc.|Finance|paypal, 페이팔
XYZ|Block, Inc.|Finance|block, square
SPGI|S&P Global Inc.|Finance|s&p global
MCO|Moody's Corporation|Finance|moodys
CME|CME Group Inc.|Finance|cme
ICE|Intercontinental Exchange, Inc.|Finance|intercontinental exchange
CB|Chubb Limited|Finance|chubb
PGR|The Progressive Corporation|Finance|progressive
MET|MetLife, Inc.|Finance|metlife
AIG|American International Group, Inc.|Finance|american international group
USB|U.S. Bancorp|Finance|us bancorp
PNC|The PNC Financial Services Group, Inc.|Finance|pnc
TFC|Truist Financial Corporation|Finance|truist
COF|Capital One Financial Corporation|Finance|capital one
BX|Blackstone Inc.|Finance|blackstone
KKR|KKR & Co. Inc.|Finance|kkr
COIN|Coinbase Global, Inc.|Finance|coinbase, 코인베이스
HOOD|Robinhood Markets, Inc.|Finance|robinhood
BK|The Bank of New York Mellon Corporation|Finance|bny mellon`;

const healthcare = `
JNJ|Johnson & Johnson|Healthcare|johnson and johnson, 존슨앤존슨
LLY|Eli Lilly and Company|Healthcare|eli lilly, lilly, 일라이릴리
UNH|UnitedHealth Group Incorporated|Healthcare|unitedhealth, 유나이티드헬스
PFE|Pfizer Inc.|Healthcare|pfizer, 화이자
MRK|Merck & Co., Inc.|Healthcare|merck
ABBV|AbbVie Inc.|Healthcare|abbvie
ABT|Abbott Laboratories|Healthcare|abbott
TMO|Thermo Fisher Scientific Inc.|Healthcare|thermo fisher
DHR|Danaher Corporation|Healthcare|danaher
BMY|Bristol-Myers Squibb Company|Healthcare|bristol myers
AMGN|Amgen Inc.|Healthcare|amgen
GILD|Gilead Sciences, Inc.|Healthcare|gilead
ISRG|Intuitive Surgical, Inc.|Healthcare|intuitive surgical
MDT|Medtronic plc|Healthcare|medtronic
SYK|Stryker Corporation|Healthcare|stryker
BSX|Boston Scientific Corporation|Healthcare|boston scientific
VRTX|Vertex Pharmaceuticals Incorporated|Healthcare|vertex
REGN|Regeneron Pharmaceuticals, Inc.|Healthcare|regeneron
MRNA|Moderna, Inc.|Healthcare|moderna, 모더나
CVS|CVS Health Corporation|Healthcare|cvs
CI|The Cigna Group|Healthcare|cigna
ELV|Elevance Health, Inc.|Healthcare|elevance
HCA|HCA Healthcare, Inc.|Healthcare|hca
ZTS|Zoetis Inc.|Healthcare|zoetis`;

const consumer = `
AMZN|Amazon.com, Inc.|Consumer Discretionary|amazon, 아마존
TSLA|Tesla, Inc.|Consumer Discretionary|tesla, 테슬라
HD|The Home Depot, Inc.|Consumer Discretionary|home depot, 홈디포
MCD|McDonald's Corporation|Consumer Discretionary|mcdonalds, 맥도날드
NKE|NIKE, Inc.|Consumer Discretionary|nike, 나이키
SBUX|Starbucks Corporation|Consumer Discretionary|starbucks, 스타벅스
LOW|Lowe's Companies, Inc.|Consumer Discretionary|lowes
BKNG|Booking Holdings Inc.|Consumer Discretionary|booking
TJX|The TJX Companies, Inc.|Consumer Discretionary|tjx
GM|General Motors Company|Consumer Discretionary|general motors
F|Ford Motor Company|Consumer Discretionary|ford, 포드
ABNB|Airbnb, Inc.|Consumer Discretionary|airbnb, 에어비앤비
UBER|Uber Technologies, Inc.|Industrials|uber, 우버
MAR|Marriott International, Inc.|Consumer Discretionary|marriott
CMG|Chipotle Mexican Grill, Inc.|Consumer Discretionary|chipotle
EBAY|eBay Inc.|Consumer Discretionary|ebay
RIVN|Rivian Automotive, Inc.|Consumer Discretionary|rivian, 리비안
LULU|Lululemon Athletica Inc.|Consumer Discretionary|lululemon
UAA|Under Armour, Inc.|Consumer Discretionary|under armour
WMT|Walmart Inc.|Consumer Staples|walmart, 월마트
COST|Costco Wholesale Corporation|Consumer Staples|costco, 코스트코
PG|The Procter & Gamble Company|Consumer Staples|procter and gamble, p&g, 피앤지
KO|The Coca-Cola Company|Consumer Staples|coca cola, coke, 코카콜라
PEP|PepsiCo, Inc.|Consumer Staples|pepsi, pepsico, 펩시, 펩시코
PM|Philip Morris International Inc.|Consumer Staples|philip morris
MO|Altria Group, Inc.|Consumer Staples|altria
MDLZ|Mondelez International, Inc.|Consumer Staples|mondelez
CL|Colgate-Palmolive Company|Consumer Staples|colgate
KMB|Kimberly-Clark Corporation|Consumer Staples|kimberly clark
TGT|Target Corporation|Consumer Staples|target
GIS|General Mills, Inc.|Consumer Staples|general mills
KHC|The Kraft Heinz Company|Consumer Staples|kraft heinz
KR|The Kroger Co.|Consumer Staples|kroger`;

const cyclical = `
XOM|Exxon Mobil Corporation|Energy|exxon, exxon mobil, 엑손모빌
CVX|Chevron Corporation|Energy|chevron, 셰브론
COP|ConocoPhillips|Energy|conoco
SLB|SLB Limited|Energy|schlumberger
EOG|EOG Resources, Inc.|Energy|eog
OXY|Occidental Petroleum Corporation|Energy|occidental
MPC|Marathon Petroleum Corporation|Energy|marathon petroleum
VLO|Valero Energy Corporation|Energy|valero
PSX|Phillips 66|Energy|phillips 66
KMI|Kinder Morgan, Inc.|Energy|kinder morgan
GE|General Electric Company|Industrials|general electric, ge aerospace, 제너럴일렉트릭
CAT|Caterpillar Inc.|Industrials|caterpillar, 캐터필러
BA|The Boeing Company|Industrials|boeing, 보잉
HON|Honeywell International Inc.|Industrials|honeywell
UPS|United Parcel Service, Inc.|Industrials|united parcel service
FDX|FedEx Corporation|Industrials|fedex
UNP|Union Pacific Corporation|Industrials|union pacific
DE|Deere & Company|Industrials|deere, john deere
LMT|Lockheed Martin Corporation|Industrials|lockheed, 록히드마틴
RTX|RTX Corporation|Industrials|raytheon
NOC|Northrop Grumman Corporation|Industrials|northrop
GD|General Dynamics Corporation|Industrials|general dynamics
MMM|3M Company|Industrials|3m
ETN|Eaton Corporation plc|Industrials|eaton
CSX|CSX Corporation|Industrials|
NSC|Norfolk Southern Corporation|Industrials|norfolk southern
DAL|Delta Air Lines, Inc.|Industrials|delta air lines, delta airlines
UAL|United Airlines Holdings, Inc.|Industrials|united airlines
LUV|Southwest Airlines Co.|Industrials|southwest airlines
WM|Waste Management, Inc.|Industrials|waste management
LIN|Linde plc|Materials|linde
SHW|The Sherwin-Williams Company|Materials|sherwin williams
FCX|Freeport-McMoRan Inc.|Materials|freeport
NEM|Newmont Corporation|Materials|newmont
APD|Air Products and Chemicals, Inc.|Materials|air products
NUE|Nucor Corporation|Materials|nucor
DOW|Dow Inc.|Materials|dow chemical
DD|DuPont de Nemours, Inc.|Materials|dupont
X|United States Steel Corporation|Materials|us steel
AA|Alcoa Corporation|Materials|alcoa`;

const defensive = `
NEE|NextEra Energy, Inc.|Utilities|nextera
DUK|Duke Energy Corporation|Utilities|duke energy
SO|The Southern Company|Utilities|southern company
D|Dominion Energy, Inc.|Utilities|dominion
AEP|American Electric Power Company, Inc.|Utilities|american electric power
EXC|Exelon Corporation|Utilities|exelon
CEG|Constellation Energy Corporation|Utilities|constellation energy
VST|Vistra Corp.|Utilities|vistra
PLD|Prologis, Inc.|Real Estate|prologis
AMT|American Tower Corporation|Real Estate|american tower
EQIX|Equinix, Inc.|Real Estate|equinix
O|Realty Income Corporation|Real Estate|realty income, 리얼티인컴
SPG|Simon Property Group, Inc.|Real Estate|simon property
CCI|Crown Castle Inc.|Real Estate|crown castle
PSA|Public Storage|Real Estate|public storage
WELL|Welltower Inc.|Real Estate|welltower`;

export const usEquities: readonly DirectoryBlock[] = [
  technology,
  communication,
  finance,
  healthcare,
  consumer,
  cyclical,
  defensive,
].map((lines) => ({ assetClass: 'equity', currency: 'USD', lines }));
