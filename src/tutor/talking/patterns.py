"""How people refer back, in Chinese and English: what `resolve` looks for, on folded text."""

from __future__ import annotations

import re

MORE = re.compile(
    r"^(?:还有(?:吗|呢|(?:什么|哪些|别的|其他的?|其它的?).{0,8})?(?:吗|呢)?|继续(?:说|讲)?|接着[说讲]|然后呢?|再?(?:说|讲)?(?:详细|具体)(?:一?点|一些)?(?:说说|讲讲)?|详细(?:说说|讲讲|解释)|展开(?:说说|讲讲)?|多说点|更多|下文呢?"
    r"|(?:tell me |say |show )?more(?: details?)?|go on|continue|anything else|what else|and then|elaborate|in more detail|more on (?:that|this)|next)$"
)
MORE_OF = re.compile(
    r"还有|(?:还?(?:需要|要|得))?注意|什么|哪些|继续|接着|然后|再|(?:更?多|详细|具体)(?:一?点|一些)?|展开|说说|讲讲|[说讲]|别的|其[他它]的?|下文|一点|一些"
    r"|\b(?:tell|me|say|show|more|details?|go|on|continue|anything|else|then|elaborate|next|that|this)\b"
)
"""What asks for more and does not say of what."""
ASKS = re.compile(r"为什么|为啥|怎么|如何|多少|\b(?:why|how)\b")
PAIR = re.compile(r"^(?P<a>.{1,16}?)\s*(?:和|与|跟|\band\b|\bvs\.?)\s*(?P<b>.{1,16})$", re.IGNORECASE)
YES = re.compile(
    r"^(?:嗯+|好的?|好啊|好呀|行|可以|是的?|对|要|来吧|ok(?:ay)?|yes|yeah|yep|sure|please)"
    r"(?:[，,！! ]*(?:请|那就|就)?(?:讲讲|说说|讲一下|说一下|讲|说|继续|来|吧|呀|啊|看|please|go ahead|do it|do|tell me|sounds good|sure))*$"
    r"|^(?:说吧|讲吧|讲讲|说说|说说看|go ahead|sounds good|please do)$"
)
CORRECTION = re.compile(
    r"^(?:(?:sorry|抱歉|不好意思|呃|哦|额)[，,。. ]*)?(?:不是(?:这个|的)?|不对|错了|你理解错了|no|nope|not that)?[，,。. ]*(?:我(?:问|说|指|想问|想知道)的(?:其实)?是|我是说|我是问|i (?:meant?|was asking(?: about)?|asked(?: about)?)|i'm asking about)[：:，, ]*(?P<rest>.+)$"
)
NO_BUT = re.compile(r"^(?:不是|不对|no|not)[，, ]+(?P<rest>.{2,})$")
ORDINALS = {"一": 0, "二": 1, "三": 2, "四": 3, "五": 4, "六": 5, "七": 6, "八": 7, "1": 0, "2": 1, "3": 2, "4": 3, "5": 4, "6": 5, "7": 6, "8": 7,
             "first": 0, "second": 1, "third": 2, "fourth": 3, "fifth": 4, "last": -1, "最后": -1}  # fmt: skip
ORDINAL = re.compile(
    r"第(?P<zh>[一二三四五六七八1-8])(?:个|点|条|步|种|项|类|句)?(?:方法|办法|原因|步骤|优点|缺点)?|(?P<last>最后)(?:一(?:个|点|条|步|种|项)|那个)"
    r"|(?:the )?(?P<en>first|second|third|fourth|fifth|last)(?: (?:one|point|step|item|method|reason|way))?"
)
FORMER = re.compile(r"前者|前(?:面那?)?一?个|the former(?: one)?")
LATTER = re.compile(r"后者|后(?:面那?)?一?个|the latter(?: one)?")
SHOWN = re.compile(
    r"(?:上面|刚才|前面|这个|那个|上述)(?:的|那个|这个|提到的)*(?P<what>公式|表格?|代码|例子|图|步骤|算例)|(?:that|the|this) (?P<en>formula|equation|table|code|example)(?: above)?"
)
COMPARE_BARE = re.compile(
    r"^(?:它们|两者|二者|这?两[个种者]|这俩|他们)?(?:之间)?(?:有)?(?:什么|啥|何)?(?:的)?(?:区别|不同|差别|差异|异同|联系|关系)(?:是什么|在哪里?|有哪些|吗)?$|^(?:对比|比较)一下$"
    r"|^(?:what(?:'s| is| are) )?(?:the )?differences?(?: between (?:them|the two|these))?$|^compare (?:them|the two)$|^how do they differ$"
)
COMPARE_WITH = re.compile(
    r"^(?:它)?(?:和|与|跟|同|相比于?|比起|相对于?)\s*(?P<other>.{1,30}?)\s*(?:比|相比|比较|对比|(?:之间)?(?:有|的)?(?:什么|啥|何)?(?:区别|不同|差别|差异|异同|联系|关系)|比起来|一样)(?:呢|怎么样|如何|有什么区别|是什么|在哪里?|吗)?$"
    r"|^(?:how does (?:it|this|that) (?:compare|differ)|what(?:'s| is) the difference|(?:and )?compared?) (?:to|with|from|and) (?P<en>.{1,40})$|^(?:vs\.?|versus) (?P<vs>.{1,40})$"
)
SWAP = re.compile(
    r"^(?:那么?|如果是|换成|要是)?\s*(?P<zh>[^，,。？?]{1,24}?)\s*(?:呢|怎么样|又?如何|又怎么样)$|^(?:那么?|如果是|换成|要是)\s*(?P<zh2>[^，,。？?]{1,24})$"
    r"|^(?:and |so |then )?(?:what|how) about (?:the )?(?P<en>.{1,40})$"
    r"|^and (?!(?:what|how|why|when|where|which|is|are|do|does|can)\b)(?:for |in |at )?(?:the )?(?P<and>.{1,40})$"
)
PRONOUN_ZH = re.compile(
    r"它们?的?|(?<![尤及与和极])其(?![他它中实次余])|(?:这|那|该|此)(?:个|种|一|项|类)?(?:方法|算法|模型|网络|技术|操作|函数|层|结构|损失|公式|问题|现象|东西|概念|指标|做法|策略|思想|过程)(?!的话)|^(?:这|那)个?(?=为什么|怎么|如何|是|有|会|能|和|跟|需要)|这样做|这么做"
)
PRONOUN_EN = re.compile(
    r"\b(?:it|its|they|them|their|this|that|these|those)(?: (?:one|method|model|layer|function|approach|technique|loss|problem))?\b(?!\s+(?:is|are) )|\b(?:it|this|that|they)\b"
)
SWITCH = re.compile(
    r"^(?:换个?(?:话题|问题|一个)|另一个问题|顺便(?:问|说)一?下?|问个?别的|另外问一?下?|对了|不聊这个了"
    r"|by the way|btw|new topic|(?:a )?different (?:question|topic)|change of topic|unrelated|another (?:question|topic))[，,：:。. ]+(?=\S)"
)
"""What announces another topic: nothing is carried over."""
COMPARES = re.compile(r"区别|不同|差别|相比|\bdiffer|\bcompare|\bversus\b|\bvs\b")
WHICH = re.compile(r"哪个|哪种|谁|\bwhich(?: one)?\b")
PHASES = (
    (re.compile(r"训练(?:时|阶段|的时候|过程)?|(?:at|during|in) training(?: time)?|training"), re.compile(r"推理|测试|推断|inference|test time"), "推理时", "at inference"),
    (re.compile(r"推理(?:时|阶段|的时候)?|测试时|推断时|(?:at|during) inference|at test time|inference"), re.compile(r"训练|training"), "训练时", "during training"),
    (re.compile(r"优点|优势"), re.compile(r"缺点|劣势|不足"), "缺点", "disadvantages"),
    (re.compile(r"缺点|劣势|不足"), re.compile(r"优点|优势"), "优点", "advantages"),
    (re.compile(r"过大|太大"), re.compile(r"过小|太小"), "过小", "too small"),
    (re.compile(r"过小|太小"), re.compile(r"过大|太大"), "过大", "too large"),
    (re.compile(r"两阶段"), re.compile(r"单阶段|一阶段"), "单阶段", "one-stage"),
    (re.compile(r"过拟合|overfitting"), re.compile(r"欠拟合|underfitting"), "欠拟合", "underfitting"),
)  # fmt: skip
