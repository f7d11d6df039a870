"""Calculation cards: the problems, and the way to their answers (formulas: the same in both languages)."""

WORDS: dict[str, tuple[str, str]] = {
    "calc.conv_output.prompt": (
        "输入边长 {w}，卷积核 {k}×{k}，步幅 {s}，填充 {p}。输出边长是多少？",
        "Input side {w}, kernel {k}×{k}, stride {s}, padding {p}. What is the output side?",
    ),
    "calc.conv_output.solution": (
        "o = ⌊(w+2p−k)/s⌋+1 = ⌊({w}+2×{p}−{k})/{s}⌋+1 = ⌊{top}/{s}⌋+1 = {quotient}+1 = {o}",
        "o = ⌊(w+2p−k)/s⌋+1 = ⌊({w}+2×{p}−{k})/{s}⌋+1 = ⌊{top}/{s}⌋+1 = {quotient}+1 = {o}",
    ),
    "calc.dilated_output.prompt": (
        "输入边长 {w}，卷积核 {k}×{k}，空洞率 {d}，步幅 {s}，填充 {p}。输出边长是多少？",
        "Input side {w}, kernel {k}×{k}, dilation {d}, stride {s}, padding {p}. What is the output side?",
    ),
    "calc.dilated_output.solution": (
        "k' = d(k−1)+1 = {d}×({k}−1)+1 = {e}; o = ⌊({w}+2×{p}−{e})/{s}⌋+1 = ⌊{top}/{s}⌋+1 = {o}",
        "k' = d(k−1)+1 = {d}×({k}−1)+1 = {e}; o = ⌊({w}+2×{p}−{e})/{s}⌋+1 = ⌊{top}/{s}⌋+1 = {o}",
    ),
    "calc.transposed_output.prompt": (
        "转置卷积：输入边长 {i}，卷积核 {k}×{k}，步幅 {s}，填充 {p}，输出填充 {q}。输出边长是多少？",
        "Transposed convolution: input side {i}, kernel {k}×{k}, stride {s}, padding {p}, output padding {q}. What is the output side?",
    ),
    "calc.transposed_output.solution": (
        "o = (i−1)s−2p+k+q = {steps}−2×{p}+{k}+{q} = {o}",
        "o = (i−1)s−2p+k+q = {steps}−2×{p}+{k}+{q} = {o}",
    ),
    "calc.receptive_field.prompt": (
        "依次经过 {n} 层卷积（卷积核/步幅）：{layers}。最后一层的感受野是多少？",
        "{n} convolutions in a row (kernel/stride): {layers}. What is the receptive field of the last one?",
    ),
    "calc.receptive_field.solution": (
        "r ← r+(k−1)×j, j ← j×s: {steps}; r = {r}",
        "r ← r+(k−1)×j, j ← j×s: {steps}; r = {r}",
    ),
    "calc.conv_parameters.prompt": (
        "卷积层：输入 {cin} 个通道，输出 {cout} 个通道，卷积核 {k}×{k}，带偏置。参数量是多少？",
        "Convolution: {cin} input channels, {cout} output channels, kernel {k}×{k}, with bias. How many parameters?",
    ),
    "calc.conv_parameters.solution": (
        "k²·Cin·Cout + Cout = {k}²×{cin}×{cout}+{cout} = {weights}+{cout} = {n}",
        "k²·Cin·Cout + Cout = {k}²×{cin}×{cout}+{cout} = {weights}+{cout} = {n}",
    ),
    "calc.conv_macs.prompt": (
        "卷积层：输入 {cin} 个通道，输出 {cout} 个通道，卷积核 {k}×{k}，输出特征图 {h}×{h}，不计偏置。乘加次数（MACs）是多少？",
        "Convolution: {cin} input channels, {cout} output channels, kernel {k}×{k}, output map {h}×{h}, no bias. How many multiply-accumulates (MACs)?",
    ),
    "calc.conv_macs.solution": (
        "(k²·Cin)·(Cout·H·W) = {one}×{outs} = {macs}",
        "(k²·Cin)·(Cout·H·W) = {one}×{outs} = {macs}",
    ),
    "calc.separable_parameters.prompt": (
        "深度可分离卷积：输入 {cin} 个通道，输出 {cout} 个通道，卷积核 {k}×{k}，无偏置。参数量是多少？",
        "Depthwise separable convolution: {cin} input channels, {cout} output channels, kernel {k}×{k}, no bias. How many parameters?",
    ),
    "calc.separable_parameters.solution": (
        "k²·Cin + Cin·Cout = {depth}+{point} = {n} (≪ {full})",
        "k²·Cin + Cin·Cout = {depth}+{point} = {n} (≪ {full})",
    ),
    "calc.iou.prompt": (
        "框 A={a}，框 B={b}，格式 (x1, y1, x2, y2)。IoU 是多少？（3 位小数）",
        "Box A={a}, box B={b} as (x1, y1, x2, y2). What is their IoU? (3 decimals)",
    ),
    "calc.iou.solution": (
        "A∩B = {inter}; A∪B = {area_a}+{area_b}−{inter} = {union}; IoU = {inter}/{union} = {iou}",
        "A∩B = {inter}; A∪B = {area_a}+{area_b}−{inter} = {union}; IoU = {inter}/{union} = {iou}",
    ),
    "calc.nms.prompt": (
        "等高的框只在 x 方向不同：{boxes}。NMS 的 IoU 阈值是 {threshold}，最后留下几个框？",
        "Boxes of one height that differ in x only: {boxes}. NMS with IoU threshold {threshold}: how many boxes are kept?",
    ),
    "calc.nms.solution": ("{kept} → {n}", "{kept} → {n}"),
    "calc.precision_recall.prompt": (
        "TP={tp}，FP={fp}，FN={fn}。精确率、召回率和 F1 各是多少？（3 位小数）",
        "TP={tp}, FP={fp}, FN={fn}. What are precision, recall and F1? (3 decimals)",
    ),
    "calc.precision_recall.solution": (
        "P = {tp}/{found} = {p}; R = {tp}/{all} = {r}; F1 = 2PR/(P+R) = {f1}",
        "P = {tp}/{found} = {p}; R = {tp}/{all} = {r}; F1 = 2PR/(P+R) = {f1}",
    ),
    "calc.ap.prompt": (
        "检测按得分从高到低依次是 {hits}，真值共 {truths} 个。全点插值的 AP 是多少？（3 位小数）",
        "Detections by falling score: {hits}; {truths} ground truths. What is AP with all-point interpolation? (3 decimals)",
    ),
    "calc.ap.solution": ("AP = ({sum})/{truths} = {ap}", "AP = ({sum})/{truths} = {ap}"),
    "calc.ndcg.prompt": (
        "返回结果的相关性依次是 {gains}，增益取相关性本身，第 i 名除以 log₂(i+1)。NDCG@4 是多少？（3 位小数）",
        "Relevance of the results in order: {gains}; the gain is the relevance itself, divided by log₂(i+1) at place i. What is NDCG@4? (3 decimals)",
    ),
    "calc.ndcg.solution": (
        "DCG = Σ gᵢ/log₂(i+1) = {dcg}; IDCG ({ideal}) = {idcg}; NDCG = {dcg}/{idcg} = {ndcg}",
        "DCG = Σ gᵢ/log₂(i+1) = {dcg}; IDCG ({ideal}) = {idcg}; NDCG = {dcg}/{idcg} = {ndcg}",
    ),
    "calc.bayes.prompt": (
        "患病率 {prior}%，检测的灵敏度 {sens}%，误报率 {fa}%。检测呈阳性时真正患病的概率是多少？（3 位小数）",
        "Prevalence {prior}%, sensitivity {sens}%, false-positive rate {fa}%. What is the probability of disease given a positive test? (3 decimals)",
    ),
    "calc.bayes.solution": (
        "P = {p}×{se} / ({p}×{se}+{q}×{f}) = {hit}/({hit}+{miss}) = {result}",
        "P = {p}×{se} / ({p}×{se}+{q}×{f}) = {hit}/({hit}+{miss}) = {result}",
    ),
    "calc.poisson.prompt": (
        "{whole} 分钟内至少看到一辆车的概率是 {chance}，来车服从泊松过程。{part} 分钟内至少看到一辆的概率是多少？（3 位小数）",
        "The probability of at least one car in {whole} minutes is {chance} (Poisson arrivals). What is it for {part} minutes? (3 decimals)",
    ),
    "calc.poisson.solution": (
        "1−p = {none} = e^(−{whole}λ) = x^{k}; x = {none}^(1/{k}) = {root}; 1−x = {result}",
        "1−p = {none} = e^(−{whole}λ) = x^{k}; x = {none}^(1/{k}) = {root}; 1−x = {result}",
    ),
    "calc.quantise.prompt": (
        "非对称量化 r=S(q−Z)，S={s}，Z={z}，取值 0–255。把 r={r} 量化得到的 q 是多少？再反量化得到多少？",
        "Affine quantisation r=S(q−Z) with S={s}, Z={z}, range 0–255. What is q for r={r}, and what does it dequantise to?",
    ),
    "calc.quantise.solution": (
        "q = round(r/S)+Z = round({ratio})+{z} = {q}; r' = {s}×({q}−{z}) = {back}",
        "q = round(r/S)+Z = round({ratio})+{z} = {q}; r' = {s}×({q}−{z}) = {back}",
    ),
    "calc.information_gain.prompt": (
        "{pos} 个正例和 {neg} 个负例，按某特征分成两组：({lp}, {ln}) 和 ({rp}, {rn})，括号里是（正，负）。信息增益是多少比特？（3 位小数）",
        "{pos} positives and {neg} negatives are split in two groups, ({lp}, {ln}) and ({rp}, {rn}), as (positive, negative). What is the information gain in bits? (3 decimals)",
    ),
    "calc.information_gain.solution": (
        "H = {before}; H|A = {l}/{n}×{hl}+{r}/{n}×{hr} = {after}; gain = {before}−{after} = {gain}",
        "H = {before}; H|A = {l}/{n}×{hl}+{r}/{n}×{hr} = {after}; gain = {before}−{after} = {gain}",
    ),
}
