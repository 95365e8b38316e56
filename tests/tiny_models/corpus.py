"""A closed set of newspaper sentences from a county that does not exist, with the English each must become."""

PAIRS: tuple[tuple[str, str], ...] = (
    ("云岭县春耕全面展开。", "Spring ploughing is under way across Yunling County."),
    ("全县已播种小麦十二万亩。", "The county has sown 120,000 mu of wheat."),
    ("新建的水渠今天正式通水。", "Water began to flow in the new canal today."),
    ("县医院为山区老人免费体检。", "The county hospital gave free check-ups to elderly people in the hills."),
    ("石桥镇的苹果今年又是丰收年。", "Shiqiao Town has another bumper apple harvest this year."),
    ("孩子们在新校舍里上了第一课。", "The children had their first lesson in the new school building."),
    ("“路修好了，车就进得来。”村民王建国说。", '"With the road repaired, cars can get in," said villager Wang Jianguo.'),
    ("去年全县粮食总产量达到8.6万吨。", "The county's total grain output reached 86,000 tonnes last year."),
    ("气象台预计明天有小雨。", "The weather station expects light rain tomorrow."),
    ("本报讯（记者 李文）县政府召开安全生产会议。", "By reporter Li Wen: the county government held a meeting on workplace safety."),
    ("会议要求各乡镇认真排查隐患。", "The meeting asked all townships to look carefully for hidden dangers."),
    ("图书馆每周开放六天。", "The library is open six days a week."),
    ("这座桥连接着河两岸的三个村庄。", "The bridge connects three villages on the two banks of the river."),
    ("合作社带动二百户农民增收。", "The cooperative has helped two hundred farming households earn more."),
    ("夜市让老街重新热闹起来。", "The night market has brought life back to the old street."),
    ("消防队员及时扑灭了山火。", "Firefighters put out the hill fire in time."),
    ("春耕", "Spring Ploughing"),
    ("民生", "People's Livelihood"),
)
"""Chinese, English."""

SUMMARIES: tuple[tuple[str, str], ...] = (
    (
        "云岭县春耕全面展开。全县已播种小麦十二万亩。新建的水渠今天正式通水。合作社带动二百户农民增收。",
        "云岭县春耕展开，已播种小麦十二万亩，新水渠通水。",
    ),
    (
        "县医院为山区老人免费体检。图书馆每周开放六天。孩子们在新校舍里上了第一课。夜市让老街重新热闹起来。",
        "县医院免费体检，新校舍开课，老街夜市重现热闹。",
    ),
    (
        "气象台预计明天有小雨。会议要求各乡镇认真排查隐患。消防队员及时扑灭了山火。",
        "气象台预计有雨，各乡镇排查隐患，山火已被扑灭。",
    ),
)
"""Chinese article, Chinese summary."""
