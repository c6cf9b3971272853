package dev.vramcast.answers.guide;

import static dev.vramcast.core.units.Multiples.GIGA;

import dev.vramcast.core.rule.RuleOfThumb;
import java.util.Arrays;
import java.util.Comparator;

/**
 * GPUs for the total of the rule of thumb. The guide states no rule for its choices: this one is
 * inferred from its 15 rows, so that their agreement with it is no proof of it.
 */
final class ChoiceRule {

  private ChoiceRule() {}

  /**
   * What the guide would choose: an RTX 5090 for what it holds, an H100 PCIe for what that holds,
   * else as many cards of 80 GB as hold it between them: A100 PCIe, or H100 SXM5 where the weights
   * alone are more than one card.
   */
  static GpuChoice guides(RuleOfThumb rule) {
    if (count(rule, GuideCard.RTX_5090) == 1) {
      return new GpuChoice(GuideCard.RTX_5090, 1);
    } else if (count(rule, GuideCard.H100_PCIE) == 1) {
      return new GpuChoice(GuideCard.H100_PCIE, 1);
    }
    boolean spreadsWeights = rule.weightBytes() > GuideCard.A100_80G.gigabytes() * GIGA;
    GuideCard card = spreadsWeights ? GuideCard.H100_SXM5 : GuideCard.A100_80G;
    return new GpuChoice(card, count(rule, card));
  }

  /** The cheapest cards of the guide's list that hold the total between them. */
  static GpuChoice cheapest(RuleOfThumb rule) {
    return Arrays.stream(GuideCard.values())
        .map(card -> new GpuChoice(card, count(rule, card)))
        .min(Comparator.comparing(GpuChoice::price))
        .orElseThrow();
  }

  /** Cards that hold the total between them, as the guide divides it. */
  private static int count(RuleOfThumb rule, GuideCard card) {
    return (int) Math.ceil(rule.totalBytes() / (card.gigabytes() * GIGA));
  }
}
