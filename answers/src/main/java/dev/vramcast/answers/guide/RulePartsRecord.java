package dev.vramcast.answers.guide;

import dev.vramcast.answers.record.Describes;
import dev.vramcast.answers.record.Inline;
import dev.vramcast.core.rule.RuleOfThumb;

/** What the rule of thumb adds up, for programs. */
@Describes("What the rule adds up.")
record RulePartsRecord(
    @Describes("Of the model.") long weightBytes,
    @Describes("Of adapters; 0 under full training.") long adapterBytes,
    @Describes("Of what is trained.") long gradientBytes,
    @Describes("Of Adam's moments and fp32 copies.") long optimizerBytes,
    @Describes("A flat sum for the size.") long activationBytes)
    implements Inline {

  static RulePartsRecord of(RuleOfThumb rule) {
    return new RulePartsRecord(
        rule.weightBytes(),
        rule.adapterBytes(),
        rule.gradientBytes(),
        rule.optimizerBytes(),
        rule.activationBytes());
  }
}
