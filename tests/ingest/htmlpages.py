"""Epaper pages in the common layouts, with text of our own."""

HEAD = '<!DOCTYPE html><html><head><meta charset="utf-8"><title>{title}</title></head><body>'
NAV = '<div class="nav"><a href="#">首页</a> <a href="#">往期回顾</a></div>'
FOOT = '<div class="footer">版权所有 清河日报社 <a href="#">关于我们</a></div></body></html>'

FOUNDER = (
    HEAD.format(title="古渡口建成民俗馆")
    + NAV
    + """<div class="main-article-alltitle">
<p class="main-article-pretitle">清河县盘活老码头</p><p class="main-article-title">古渡口建成民俗馆</p>
<p class="main-article-subtitle">退休船工当起讲解员</p><p class="main-article-author">本报记者 李明</p></div>
<div class="main-article-content"><div class="main-article-con"><founder-content>
<!--enpcontent--><P>　　河面上起了雾，船头轻轻一点，水纹一圈圈荡开。</P>
<P>　　去年县里办起渡口民俗馆，请他当讲解员&ldquo;一个月能拿四百元工资&rdquo;。</P>
<P><strong>铁锚有了新家</strong></P><P>　　馆里最老的物件是一只铁锚，重126公斤，
捐它的人家姓周。（记者 周雨 摄）</P><!--/enpcontent--></founder-content></div></div>
<div class="pagenav"><a href="#">上一篇</a> <a href="#">下一篇</a></div>"""
    + FOOT
)

PEOPLE = (
    HEAD.format(title="旧铁路长出新风景--清河日报")
    + """<div class="date left">2026年11月3日 星期二</div><div class="ban">第02版：要闻</div>
<div class="article"><h3>云岭县改造废弃铁路</h3><h1>旧铁路长出新风景</h1><h2>——十公里步道串起六个村</h2>
<p class="sec">本报记者　周雨<span class="date"> 《清河日报》（ 2026年11月03日 　第 02 版）</span></p>
<div id="ozoom"><div id="articleContent">
<!--enpproperty <date>2026-11-03 00:00:00.0</date><author>周雨</author>
<title>旧铁路长出新风景</title><subtitle>——十公里步道串起六个村</subtitle>
<introtitle>云岭县改造废弃铁路</introtitle>/enpproperty-->
<p>　　一条旧铁路穿过云岭县城，十年没有火车经过</p>
<p>　　去年春天，县里把它改成步道，铁轨留着。</p><p>　　图为步道一角。 孙远 摄</p></div></div></div>
<ul class="newslist"><li><a href="1">旧铁路长出新风景</a></li><li><a href="2">烘干塔建到田埂上</a></li></ul>"""
    + FOOT
)

TABLES = (
    HEAD.format(title="烘干塔建到田埂上")
    + """<table><tr><td class="font02" align="center">入冬抢烘三万吨</td></tr><tr><td class="font01">烘干塔建到田埂上</td></tr>
<tr><td class="font02">石桥镇农户不再为阴雨发愁</td></tr></table>
<table><tr><td><div id="zoom">　　本报讯（记者 李明）入冬以来，清河县把粮食烘干服务送到田头。<br><br>
　　“往年遇上阴雨，粮食堆在院里发愁。”石桥镇农民赵卫国说。<br></div></td></tr></table>
<div>上一篇　下一篇　放大 缩小 默认</div>"""
    + FOOT
)

SEVERAL = (
    HEAD.format(title="清河日报 第3版")
    + "<h1>清河日报</h1>"
    + """<article><h2>夜校亮起灯</h2><p class="author">通讯员 王芳</p>
<p>晚上七点，石桥镇的夜校坐满了人。</p><p>课表上有电工、育苗和普通话。</p></article>
<article><h2>停水通知</h2><p>因管网检修，11月5日9时至17时城东片区停水，请提前储水。</p></article>
<article><p>图为社区书屋里看书的孩子。</p><p>本报记者 李明 摄</p></article>"""
    + FOOT
)

INDEX = (
    HEAD.format(title="清河日报 2026年11月3日")
    + """<div class="list"><h4>第01版：要闻</h4><ul><li><a href="1">烘干塔建到田埂上</a></li><li><a href="2">旧铁路长出新风景</a></li>
<li><a href="3">古渡口建成民俗馆</a></li></ul></div>"""
    + FOOT
)

PLAIN = (
    HEAD.format(title="夜校亮起灯_清河日报")
    + """<div><span>夜校亮起灯</span></div><div><span>□通讯员 王芳</span></div>
<div><p>晚上七点，石桥镇的夜校坐满了人，走廊里还站着来旁听的老人。</p><p>课表上有电工、育苗和普通话，每周三次。</p></div>"""
    + FOOT
)
