/** Indices, funds, currencies, commodities and rates that people ask for by name. */
import type { DirectoryBlock } from './directory-block.ts';

export const fundsAndIndices: readonly DirectoryBlock[] = [
  {
    assetClass: 'index',
    currency: 'USD',
    lines: `
SPX|S&P 500||S&P, S&P500, S & P 500, SP500, SP 500, S&P 500 index, snp500, snp 500, GSPC, US500, standard and poors 500, 에스앤피 500, 에스앤피500, S&P 500 지수, 미국 대형주 지수|^GSPC
NDX|Nasdaq-100||nasdaq 100, 나스닥 100, 나스닥100|^NDX
IXIC|Nasdaq Composite||nasdaq, nasdaq index, comp, 나스닥, 나스닥 지수|^IXIC
DJI|Dow Jones Industrial Average||dow, dow jones, djia, dow 30, 다우, 다우존스, 다우 지수|^DJI
RUT|Russell 2000||russell, 러셀 2000, 러셀2000|^RUT
SOX|PHLX Semiconductor||philadelphia semiconductor, 필라델피아 반도체|^SOX
DXY|US Dollar Index||dollar index, 달러 인덱스, 달러지수|DX-Y.NYB`,
  },
  {
    assetClass: 'index',
    currency: 'KRW',
    lines:
      'KOSPI|KOSPI Composite||코스피, 코스피 지수, ks11|^KS11\nKOSDAQ|KOSDAQ Composite||코스닥, kq11|^KQ11\nKOSPI200|KOSPI 200||코스피200, 코스피 200|^KS200',
  },
  { assetClass: 'index', currency: 'JPY', lines: 'N225|Nikkei 225||nikkei, 닛케이, 니케이, 니케이 225|^N225' },
  { assetClass: 'index', currency: 'GBP', lines: 'FTSE|FTSE 100||footsie, uk 100|^FTSE' },
  { assetClass: 'index', currency: 'HKD', lines: 'HSI|Hang Seng||hang seng index, 항셍, 항셍지수|^HSI' },
  { assetClass: 'index', currency: 'CNY', lines: 'SSEC|Shanghai Composite||shanghai, 상해종합, 상하이종합|000001.SS' },
  {
    assetClass: 'index',
    currency: 'EUR',
    lines:
      'DAX|DAX 40||dax, gdaxi, 닥스|^GDAXI\nCAC|CAC 40||cac, fchi|^FCHI\nSTOXX50|Euro Stoxx 50||eurostoxx, euro stoxx, stoxx50e, 유로스톡스|^STOXX50E',
  },
  {
    assetClass: 'volatility',
    currency: 'USD',
    lines: `
VIX|CBOE Volatility Index||fear index, fear gauge, volatility index, vix index, 빅스, 변동성 지수, 공포 지수, 공포지수|^VIX
VVIX|CBOE VIX of VIX||vol of vol|^VVIX
MOVE|ICE BofA MOVE Index||bond volatility|^MOVE`,
  },
  {
    assetClass: 'etf',
    currency: 'USD',
    lines: `
SPY|SPDR S&P 500 ETF Trust||spyders, 스파이
IVV|iShares Core S&P 500 ETF||
VOO|Vanguard S&P 500 ETF||
VTI|Vanguard Total Stock Market ETF||total stock market
QQQ|Invesco QQQ Trust||qqqs, cubes
DIA|SPDR Dow Jones Industrial Average ETF||
IWM|iShares Russell 2000 ETF||
EFA|iShares MSCI EAFE ETF||
VEA|Vanguard Developed Markets ETF||
VWO|Vanguard Emerging Markets ETF||
EEM|iShares MSCI Emerging Markets ETF||emerging markets
EWY|iShares MSCI South Korea ETF||korea etf
EWJ|iShares MSCI Japan ETF||
FXI|iShares China Large-Cap ETF||
AGG|iShares Core US Aggregate Bond ETF||aggregate bonds
BND|Vanguard Total Bond Market ETF||total bond market
TLT|iShares 20+ Year Treasury Bond ETF||long treasuries
IEF|iShares 7-10 Year Treasury Bond ETF||
SHY|iShares 1-3 Year Treasury Bond ETF||
BIL|SPDR 1-3 Month T-Bill ETF||t-bills
TIP|iShares TIPS Bond ETF||
LQD|iShares Investment Grade Corporate Bond ETF||
HYG|iShares High Yield Corporate Bond ETF||
JNK|SPDR High Yield Bond ETF||
EMB|iShares Emerging Markets Bond ETF||
GLD|SPDR Gold Shares||
IAU|iShares Gold Trust||
SLV|iShares Silver Trust||
USO|United States Oil Fund||
UNG|United States Natural Gas Fund||
DBC|Invesco Commodity Index Fund||
VNQ|Vanguard Real Estate ETF|Real Estate|
XLK|Technology Select Sector SPDR|Technology|
XLF|Financial Select Sector SPDR|Finance|
XLV|Health Care Select Sector SPDR|Healthcare|
XLE|Energy Select Sector SPDR|Energy|
XLI|Industrial Select Sector SPDR|Industrials|
XLY|Consumer Discretionary Select Sector SPDR|Consumer Discretionary|
XLP|Consumer Staples Select Sector SPDR|Consumer Staples|
XLU|Utilities Select Sector SPDR|Utilities|
XLB|Materials Select Sector SPDR|Materials|
XLRE|Real Estate Select Sector SPDR|Real Estate|
XLC|Communication Services Select Sector SPDR|Communication|
SMH|VanEck Semiconductor ETF|Technology|
ARKK|ARK Innovation ETF||
MTUM|iShares MSCI USA Momentum Factor ETF||
QUAL|iShares MSCI USA Quality Factor ETF||
USMV|iShares MSCI USA Minimum Volatility ETF||
VLUE|iShares MSCI USA Value Factor ETF||
SIZE|iShares MSCI USA Size Factor ETF||
VXX|iPath S&P 500 VIX Short-Term Futures ETN||
SVXY|ProShares Short VIX Short-Term Futures ETF||
BNO|United States Brent Oil Fund||`,
  },
  {
    assetClass: 'fx',
    currency: 'USD',
    lines: `
EURUSD|Euro / US dollar||eur/usd, euro dollar, 유로달러|EURUSD=X
GBPUSD|British pound / US dollar||gbp/usd, cable, sterling|GBPUSD=X
AUDUSD|Australian dollar / US dollar||aud/usd, aussie|AUDUSD=X
NZDUSD|New Zealand dollar / US dollar||nzd/usd, kiwi|NZDUSD=X`,
  },
  {
    assetClass: 'fx',
    currency: 'JPY',
    lines:
      'USDJPY|US dollar / Japanese yen||usd/jpy, dollar yen, 달러엔|JPY=X\nEURJPY|Euro / Japanese yen||eur/jpy|EURJPY=X',
  },
  {
    assetClass: 'fx',
    currency: 'CHF',
    lines: 'USDCHF|US dollar / Swiss franc||usd/chf, swissie|CHF=X\nEURCHF|Euro / Swiss franc||eur/chf|EURCHF=X',
  },
  { assetClass: 'fx', currency: 'CAD', lines: 'USDCAD|US dollar / Canadian dollar||usd/cad, loonie|CAD=X' },
  { assetClass: 'fx', currency: 'GBP', lines: 'EURGBP|Euro / British pound||eur/gbp|EURGBP=X' },
  {
    assetClass: 'fx',
    currency: 'KRW',
    lines: 'USDKRW|US dollar / Korean won||usd/krw, 원달러, 원/달러, 달러원, 환율|KRW=X',
  },
  {
    assetClass: 'commodity',
    currency: 'USD',
    lines: `
XAUUSD|Gold||gold, gold price, xau, 금, 금값, 금 가격|GC=F
XAGUSD|Silver||silver, xag, 은|SI=F
WTI|Crude oil, WTI||oil, crude, crude oil, wti crude, 유가, 원유|CL=F
BRENT|Crude oil, Brent||brent crude, 브렌트유|BZ=F
NATGAS|Natural gas, Henry Hub||natural gas, henry hub, 천연가스|NG=F
COPPER|Copper||구리|HG=F
WHEAT|Wheat||밀|ZW=F
CORN|Corn||옥수수|ZC=F`,
  },
  {
    assetClass: 'crypto',
    currency: 'USD',
    lines:
      'BTCUSD|Bitcoin||btc, bitcoin, 비트코인|BTC-USD\nETHUSD|Ethereum||eth, ether, 이더리움|ETH-USD\nSOLUSD|Solana||sol, 솔라나|SOL-USD\nXRPUSD|XRP||ripple, 리플|XRP-USD',
  },
  {
    assetClass: 'rate',
    currency: 'USD',
    lines:
      'US10Y|US 10-year Treasury yield||10-year, 10 year treasury, ten year, 미국 10년물, 10년물|^TNX\nUS30Y|US 30-year Treasury yield||30 year treasury, 미국 30년물|^TYX\nUS5Y|US 5-year Treasury yield||5 year treasury|^FVX\nUS3M|US 13-week Treasury bill rate||t-bill rate|^IRX',
  },
];
