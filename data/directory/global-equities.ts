/** Companies listed outside the United States, and the American receipts that people trade instead. */
import type { DirectoryBlock } from './directory-block.ts';

export const globalEquities: readonly DirectoryBlock[] = [
  {
    assetClass: 'equity',
    currency: 'KRW',
    lines: `
005930.KS|Samsung Electronics Co., Ltd.|Technology|samsung, samsung electronics, 삼성전자, 삼성, 삼전|005930.KS
000660.KS|SK hynix Inc.|Technology|sk hynix, hynix, 하이닉스, sk하이닉스, 에스케이하이닉스|000660.KS
005380.KS|Hyundai Motor Company|Consumer Discretionary|hyundai, hyundai motor, 현대차, 현대자동차|005380.KS
000270.KS|Kia Corporation|Consumer Discretionary|kia, 기아, 기아차|000270.KS
035420.KS|NAVER Corporation|Communication|naver, 네이버|035420.KS
035720.KS|Kakao Corp.|Communication|kakao, 카카오|035720.KS
373220.KS|LG Energy Solution, Ltd.|Industrials|lg energy solution, lg에너지솔루션, 엘지에너지솔루션|373220.KS
051910.KS|LG Chem, Ltd.|Materials|lg chem, lg화학, 엘지화학|051910.KS
066570.KS|LG Electronics Inc.|Consumer Discretionary|lg electronics, lg전자, 엘지전자|066570.KS
207940.KS|Samsung Biologics Co., Ltd.|Healthcare|samsung biologics, 삼성바이오로직스|207940.KS
006400.KS|Samsung SDI Co., Ltd.|Technology|samsung sdi, 삼성sdi|006400.KS
068270.KS|Celltrion, Inc.|Healthcare|celltrion, 셀트리온|068270.KS
005490.KS|POSCO Holdings Inc.|Materials|posco, 포스코, 포스코홀딩스|005490.KS
105560.KS|KB Financial Group Inc.|Finance|kb financial, kb금융|105560.KS
055550.KS|Shinhan Financial Group Co., Ltd.|Finance|shinhan, 신한지주|055550.KS
012450.KS|Hanwha Aerospace Co., Ltd.|Industrials|hanwha aerospace, 한화에어로스페이스|012450.KS
015760.KS|Korea Electric Power Corporation|Utilities|kepco, 한국전력, 한전|015760.KS`,
  },
  {
    assetClass: 'equity',
    currency: 'JPY',
    lines: `
7203.T|Toyota Motor Corporation|Consumer Discretionary|toyota, 도요타
6758.T|Sony Group Corporation|Technology|sony, 소니
9984.T|SoftBank Group Corp.|Communication|softbank, 소프트뱅크
7974.T|Nintendo Co., Ltd.|Communication|nintendo, 닌텐도
8306.T|Mitsubishi UFJ Financial Group, Inc.|Finance|mitsubishi ufj, mufg
6861.T|Keyence Corporation|Technology|keyence
8035.T|Tokyo Electron Limited|Technology|tokyo electron
7267.T|Honda Motor Co., Ltd.|Consumer Discretionary|honda
9983.T|Fast Retailing Co., Ltd.|Consumer Discretionary|uniqlo, fast retailing
6501.T|Hitachi, Ltd.|Industrials|hitachi`,
  },
  {
    assetClass: 'equity',
    currency: 'EUR',
    lines: `
ASML.AS|ASML Holding N.V., Amsterdam|Technology|asml amsterdam
SAP.DE|SAP SE, Xetra|Technology|sap xetra
SIE.DE|Siemens AG|Industrials|siemens
ALV.DE|Allianz SE|Finance|allianz
DTE.DE|Deutsche Telekom AG|Communication|deutsche telekom
BMW.DE|Bayerische Motoren Werke AG|Consumer Discretionary|bmw
VOW3.DE|Volkswagen AG|Consumer Discretionary|volkswagen, vw
MBG.DE|Mercedes-Benz Group AG|Consumer Discretionary|mercedes
BAYN.DE|Bayer AG|Healthcare|bayer
BAS.DE|BASF SE|Materials|basf
DBK.DE|Deutsche Bank AG|Finance|deutsche bank
ADS.DE|adidas AG|Consumer Discretionary|adidas
AIR.PA|Airbus SE|Industrials|airbus
MC.PA|LVMH Moet Hennessy Louis Vuitton SE|Consumer Discretionary|lvmh, louis vuitton
OR.PA|L'Oreal S.A.|Consumer Staples|loreal
TTE.PA|TotalEnergies SE, Paris|Energy|total energies paris
SAN.PA|Sanofi, Paris|Healthcare|sanofi paris
BNP.PA|BNP Paribas S.A.|Finance|bnp, bnp paribas
SU.PA|Schneider Electric S.E.|Industrials|schneider electric
SAN.MC|Banco Santander, S.A.|Finance|santander
ITX.MC|Inditex S.A.|Consumer Discretionary|zara, inditex
ENEL.MI|Enel S.p.A.|Utilities|enel
RACE.MI|Ferrari N.V., Milan|Consumer Discretionary|ferrari milan
INGA.AS|ING Groep N.V.|Finance|ing`,
  },
  {
    assetClass: 'equity',
    currency: 'GBP',
    lines: `
HSBA.L|HSBC Holdings plc|Finance|hsbc
SHEL.L|Shell plc, London|Energy|shell london
BP.L|BP p.l.c., London|Energy|bp london
AZN.L|AstraZeneca PLC, London|Healthcare|astrazeneca london
ULVR.L|Unilever PLC|Consumer Staples|unilever
BARC.L|Barclays PLC|Finance|barclays
RR.L|Rolls-Royce Holdings plc|Industrials|rolls royce
RIO.L|Rio Tinto Group|Materials|rio tinto
GSK.L|GSK plc|Healthcare|glaxo, gsk
VOD.L|Vodafone Group Plc|Communication|vodafone`,
  },
  {
    assetClass: 'equity',
    currency: 'CHF',
    lines:
      'NESN.SW|Nestle S.A.|Consumer Staples|nestle\nNOVN.SW|Novartis AG|Healthcare|novartis\nROG.SW|Roche Holding AG|Healthcare|roche\nUBSG.SW|UBS Group AG|Finance|ubs',
  },
  {
    assetClass: 'equity',
    currency: 'HKD',
    lines:
      '0700.HK|Tencent Holdings Limited|Communication|tencent, 텐센트\n9988.HK|Alibaba Group Holding Limited, Hong Kong|Consumer Discretionary|alibaba hong kong\n3690.HK|Meituan|Consumer Discretionary|meituan\n1810.HK|Xiaomi Corporation|Technology|xiaomi, 샤오미\n1211.HK|BYD Company Limited|Consumer Discretionary|byd, 비야디',
  },
  {
    assetClass: 'equity',
    currency: 'USD',
    lines: `
TSM|Taiwan Semiconductor Manufacturing Company Limited|Technology|tsmc, taiwan semiconductor, 티에스엠씨
BABA|Alibaba Group Holding Limited|Consumer Discretionary|alibaba, 알리바바
ASML|ASML Holding N.V.|Technology|asml
SAP|SAP SE|Technology|sap
NVO|Novo Nordisk A/S|Healthcare|novo nordisk, 노보노디스크
AZN|AstraZeneca PLC|Healthcare|astrazeneca
SHEL|Shell plc|Energy|shell
BP|BP p.l.c.|Energy|british petroleum
TTE|TotalEnergies SE|Energy|total, totalenergies
TM|Toyota Motor Corporation receipts|Consumer Discretionary|
SNY|Sanofi|Healthcare|sanofi
RACE|Ferrari N.V.|Consumer Discretionary|ferrari
PDD|PDD Holdings Inc.|Consumer Discretionary|pinduoduo, temu
JD|JD.com, Inc.|Consumer Discretionary|jd
BIDU|Baidu, Inc.|Communication|baidu
NIO|NIO Inc.|Consumer Discretionary|nio
MELI|MercadoLibre, Inc.|Consumer Discretionary|mercado libre
INFY|Infosys Limited|Technology|infosys
BHP|BHP Group Limited|Materials|bhp
CPNG|Coupang, Inc.|Consumer Discretionary|coupang, 쿠팡
SE|Sea Limited|Communication|`,
  },
];
