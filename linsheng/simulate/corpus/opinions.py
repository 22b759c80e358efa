"""What people write into the open fields of a survey, by what moves them: what should be better, and what is good."""

from collections.abc import Mapping

from linsheng.simulate.corpus.shape import Texts
from linsheng.simulate.phrasing import lines

IMPROVE: Mapping[str, Texts] = {
    "service.desk": lines("""
        前台{下班太早|中午没人|周末关门}，上班族{办不了事|只能请假}，希望{延长到晚上八点|周末有人值班}
        办{装修手续|门禁卡|停车卡}要跑{两趟|三趟}，能不能{一次说清要带什么|网上办}
        {换人太勤|每次接待的人都不一样}，{事情要从头讲一遍|交接不清}
    """),
    "service.hotline": lines("""
        客服电话{老占线|晚上没人接|要打好几遍}，{急事没法找人|希望加人接听}
        打电话{说会回电，没有回|答应转告，没下文}，{希望有个单号能查|请改进}
        {热线|电话}里{说不清|一问三不知}，{每次都是“帮您问问”|希望培训}
    """),
    "staff.attitude": lines("""
        {个别人员|有的保安}说话{太冲|不耐烦|爱理不理}，{对老人要有耐心|希望培训礼貌用语}
        {上门的师傅|前台}态度{时好时坏|看人}，希望{一视同仁|统一标准}
        有意见{不敢提|提了被说事多}，{服务意识要加强|像是我们求着他们}
    """),
    "complaint.handling": lines("""
        投诉{没人管|石沉大海|拖了{days}}，{处理了什么也不说|希望有时限}
        同一件事投诉{times}了，{每次都说在处理|还是老样子}
        投诉处理{推来推去|避重就轻}，{希望有专人负责到底|不要只道歉}
    """),
    "complaint.followup": lines("""
        反映的事{没有回音|从来不回复}，{办没办给个话|行不行都要告诉一声}
        处理完{没人通知|只发个“已完成”}，{做了什么看不到|希望有照片}
    """),
    "facility.lift": lines("""
        电梯{经常坏|三天两头停|老是卡顿}，{{elder}腿脚不便，出不了门|上班高峰急死人}
        {building}的电梯{抖得厉害|有异响|门关得太快}，{希望彻底检修|建议换新的}
        电梯{太慢|等太久}，{早晚高峰排长队|两台只开一台}，{能不能都开|请想办法}
        电梯里{又闷又热|没有信号|广告太吵}，{希望装空调|请处理}
        电梯维修{从不公示|修了又坏}，{维保单位该换了|请公布维保记录}
    """),
    "facility.water_fire": lines("""
        水压{不够|忽大忽小}，{高层洗澡没水|早上没法用}，请{检查水泵|处理}
        {消防栓|灭火器}{过期了|没水|被挡住}，{安全第一|请尽快检查}
        水{有时发黄|有味道}，{水箱多久洗一次|希望公示水质}
    """),
    "facility.lighting_roads": lines("""
        {楼道|地库|园区小路}的灯{坏了{days}没修|太暗}，{{elder}晚上不敢走|看不清台阶}
        路面{坑坑洼洼|地砖松了}，{下雨溅一身水|{child}摔过跤}，请{修一修|补一补}
        {building}{门口|楼道}的感应灯{不灵|一闪一闪的}，希望{换掉|集中检查一次}
    """),
    "facility.outage_notice": lines("""
        停水停电梯{不提前说|当天才贴通知}，{家里一点准备都没有|老人在家等了半天}
        停电梯的通知{贴得太小|只贴在大堂}，{没人看到|希望群里发、短信发}
        {上个月|前阵子}停水{一整天|说两小时结果到晚上}，{通知时间不准|完全没提前通知}
    """),
    "repair.home": lines("""
        报修{等了{days}|约了又改}，{上班族请不起假|希望能约晚上和周末}
        修过{没两天又坏|还是漏}，{希望一次修好|师傅技术要提高}
        上门维修{收费不透明|没有价目表}，{先报价再动手|请公示价格}
    """),
    "repair.public": lines("""
        公共部位{报了{days}没人修|坏了没人管}，{单元门关不上|楼道墙皮掉了一地}
        {单元门|门禁|对讲}{老坏|坏了很久}，{外人随便进|不安全}
    """),
    "safety.gate": lines("""
        {外卖|快递|陌生人}随便进出，{门岗形同虚设|没人登记}，{晚上不放心|希望管严一点}
        {夜里|半夜}保安{睡觉|不在岗}，{巡逻看不到人|希望加强夜巡}
        {侧门|北门}{长期不关|谁都能进}，{希望刷卡|装个监控}
    """),
    "safety.fire_lane": lines("""
        消防通道{天天被车占|堵死了}，{出了事消防车进不来|太危险}，请{拖车|画线严管}
        电动车{推上楼充电|停在楼道}，{说了没人管|太危险了}，{装个阻车系统吧|多建点充电棚}
        楼道{堆满杂物|放鞋柜放自行车}，{希望定期清理|影响逃生}
    """),
    "parking.order": lines("""
        车位{太少|被外来车占}，{下班回来转半小时|交了钱没地方停}
        {乱停乱放|占道停车}没人管，{出口堵死|倒车都困难}，希望{贴条|锁车}
        {地库|停车场}{标线不清|灯暗|漏水}，{经常刮蹭|希望改造}
        访客车{随便进|停一整天}，{业主反而没车位|收费要管}
    """),
    "environment.cleaning": lines("""
        {楼梯间|楼道|地库}{好几天没扫|有尿味|灰很厚}，{希望每天打扫|保洁要检查}
        {狗屎|烟头}满地，{没人清理|遛狗不牵绳也没人管}
        {building}{大堂|电梯里}{脏|有异味}，{周末没人打扫|希望加人}
    """),
    "environment.waste": lines("""
        垃圾{不及时清|堆到溢出来}，{夏天臭得开不了窗|蟑螂老鼠多}
        垃圾投放点{太远|只开两小时}，{上班族赶不上|老人走不动}，希望{延长时间|加一个点}
        {分类桶|垃圾桶}{太脏|没盖|总是满的}，{手都不敢碰|希望常洗}
    """),
    "environment.green": lines("""
        {树太高挡光|草坪秃了|花坛没人管}，希望{修剪|补种}
        蚊子{太多|咬人}，{绿化带要消杀|积水没人清}
    """),
    "openness.accounts": lines("""
        {广告费|停车费|公共收益}去哪了{从来不公布|没人说得清}，{请公开账目|要给业主一个交代}
        物业费{怎么花的不知道|涨价没说明}，{希望每季度公示明细|账目要审计}
        维修基金{用了多少|怎么用的}，{没人告诉业主|请公示}，{大事要开会商量|征求意见走过场}
    """),
    "life.events": lines("""
        社区活动{太少|都在工作日}，{希望周末办|多办亲子活动}
        活动{只有老人的|通知不到}，{年轻人不知道|希望群里提前说}
        {希望有个|没有}{儿童活动室|老人活动室|乒乓球室}，{下雨天没处去|孩子没地方玩}
    """),
    "value.service": lines("""
        物业费{不便宜|比隔壁贵}，服务{没跟上|不如隔壁小区}，{要么降价要么改进|质价不符}
        交的钱{和得到的服务不匹配|看不到用在哪}，{希望改进|觉得不值}
    """),
}

GOOD: Mapping[str, Texts] = {
    "service.desk": lines("""
        前台{办事快|有问必答}，{小姑娘很热情|不用跑第二趟}
        {管家|客服}{记得住人|回消息快}，{有事在群里一说就有人管|省心}
    """),
    "staff.attitude": lines("""
        {保安|保洁阿姨|师傅们}{见面都打招呼|很客气}，{像邻居一样|住着舒心}
        {保安小哥|门岗}{主动帮{elder}提东西|下雨天帮忙撑伞}，{很暖心|值得表扬}
        工作人员{态度好|有礼貌}，{辛苦了|继续保持}
    """),
    "facility.lift": lines("""
        电梯{今年修好了|换了部件}，{平稳多了|没再困过人}
        电梯{检修有公示|坏了很快修好}，{放心|比以前强}
    """),
    "facility.outage_notice": lines("""
        {现在|这半年}停水停电{提前两天就通知|群里短信都发}，{比以前强多了|这点改得好}
        通知{清楚|及时}，{什么时候恢复都写明了|方便安排}
    """),
    "repair.home": lines("""
        报修{当天就来|来得很快}，{师傅手艺好|收费合理}，{修完还打扫干净|点赞}
        水管{半夜漏水|爆了}，{十分钟就有人来|师傅没有怨言}，{非常感谢|很专业}
    """),
    "safety.gate": lines("""
        门岗{认真|管得严}，{外人进不来|晚上回家放心}
        {夜里有巡逻|监控齐全}，{住这里安心|安全做得好}
    """),
    "parking.order": lines("""
        停车{画了线以后|装了道闸以后}{整齐多了|不用抢了}，{好评|这事办得好}
    """),
    "environment.cleaning": lines("""
        保洁阿姨{很勤快|天天拖地|角角落落都擦}，{夸一夸|辛苦了}
        楼道{天天有人扫|干干净净}，{看着舒服|比前两年好}
        小区{干净|整洁}，{比周边小区都好|亲戚来了都夸}
    """),
    "environment.waste": lines("""
        垃圾{现在一天清两次|分类点改造后干净了}，{没味道了|这个改得好}
    """),
    "environment.green": lines("""
        {花草|绿化}{养护得好|四季有花}，{傍晚散步很舒服|看着心情好}
        {树荫多|园子漂亮}，{{child}喜欢在下面玩|最满意这一点}
    """),
    "openness.accounts": lines("""
        收支{今年开始公示了|贴出来看得懂}，{是个进步|希望坚持}
    """),
    "life.events": lines("""
        {中秋|端午|重阳}活动{办得热闹|很用心}，{邻里都认识了|{elder}很开心}
        {亲子活动|电影晚会|义诊}{很好|孩子很喜欢}，{希望多办|感谢组织}
    """),
    "value.service": lines("""
        {总体不错|整体满意}，{这个价格值了|比以前住的小区好}
    """),
}

# Said by people who name nothing in particular.
PLAIN_IMPROVE: Texts = lines("""
    {没有|暂时没有|都挺好}
    {希望越来越好|继续努力}
    {多听听住户意见|说到做到}就好
    {公平一点|把承诺的做到}，{别光说不练|我们看行动}
""")
PLAIN_GOOD: Texts = lines("""
    {都还可以|没什么特别的|一般}
    {辛苦大家了|继续保持}
    {比去年好|有进步}
""")

# A few do what the page asks them not to.
REACH_ME: Texts = lines("""
    {，|。}我的电话{phone}，{请回电|有结果告诉我}
    {，|。}联系我：{phone}
    {，|。}{可以|请}打{phone}找我{了解情况|}
    {，|。}我住{home}，{来看看就知道|请上门}
    {，|。}微信{phone}，加我发照片
""")
ASKING: Texts = lines("""
    。
    。
    ！
    。{谢谢|辛苦了|拜托了}。
    ，{谢谢|望重视}。
""")
THANKING: Texts = lines("""
    。
    。
    ！
    。{谢谢|辛苦了}。
""")

# What is written above a published result, and what was done about what residents had said: said, done, and both in English.
FOREWORD = "谢谢每一户抽时间作答的住户。好的和不好的都在下面，我们照着改，下次再请您来评。"
FOREWORD_EN = "Thank you to every home that answered. What is good and what is not stands below; we work on it, and ask again."
ANSWERED: dict[str, tuple[str, str, str, str]] = {
    "facility.outage_notice": (
        "停电停水当天才知道",
        "计划停电停水提前两天在群里、单元门口和本页通知",
        "We learn of outages on the day itself",
        "Planned outages are announced two days ahead: in the groups, at each entrance, and here",
    ),
    "environment.waste": (
        "垃圾桶满了没人清",
        "清运改为每天三次，夏季四次，桶边加了洗手池",
        "Bins overflow",
        "Bins are emptied three times a day, four in summer, and have a washbasin beside them",
    ),
    "facility.lift": (
        "电梯老是出毛病",
        "1 栋、2 栋更换了控制柜，每周检查一次并贴出记录",
        "Lifts keep breaking down",
        "Buildings 1 and 2 got new controllers; weekly checks, with the record posted in the lift",
    ),
    "parking.order": (
        "访客车乱停，自己的车位被占",
        "访客车位重新划线，晚上有人巡查，占位的当场请走",
        "Visitors take our places",
        "Visitors' places are marked anew and patrolled at night; whoever takes a resident's place is asked to leave",
    ),
}
