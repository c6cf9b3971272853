package dev.vramcast.core.run.stage;

import dev.vramcast.core.job.code.StageCode;
import dev.vramcast.core.job.code.StageHabit;
import dev.vramcast.core.job.code.StageHead;
import dev.vramcast.core.run.episode.PassHead.Detail;
import dev.vramcast.core.run.episode.PassHead.Reports;
import java.util.EnumSet;
import java.util.Set;

/** What a trainer of preferences does with the logits that it scores, and logs of them. */
record ScoredLogits(StageCode code, StageHead head) {

  /**
   * A head that chooses labelled tokens is given all of them where answers are (Unsloth); the end
   * of sequences is all that some make logits of.
   */
  Set<Detail> ofPairs() {
    if (keepsLabelled()) {
      return EnumSet.of(Detail.LAST_TOKENS);
    }
    return head == StageHead.GRADIENT_BESIDE
        ? EnumSet.of(Detail.ALL_STATES)
        : EnumSet.noneOf(Detail.class);
  }

  /** Contiguous where the trainer has the habit of it. */
  Set<Detail> contiguous(StageHabit habit) {
    Set<Detail> details = ofPairs();
    if (code.does(habit)) {
      details.add(Detail.CONTIGUOUS);
    }
    return details;
  }

  /** Whether logits are made of the end of sequences alone, where the labelled tokens are. */
  boolean keepsLabelled() {
    return code.does(StageHabit.KEEPS_LABELLED);
  }

  /** Of pairs that a reference is compared with. */
  Set<Detail> ofDirect() {
    Set<Detail> details = unshifted(contiguous(StageHabit.COPIES_SCORED));
    if (code.does(StageHabit.NAMES_LIKELIHOOD)) {
      details.add(Detail.LIKELIHOOD_BESIDE);
    }
    if (code.does(StageHabit.RETURNS_STATES)) {
      details.add(Detail.ALL_LAYERS);
    }
    return details;
  }

  /** What is logged of such pairs. */
  Reports reportsOfPairs() {
    if (code.does(StageHabit.DROPS_LOGITS)) {
      return Reports.NONE;
    }
    return code.does(StageHabit.AVERAGES_LOGITS) ? Reports.MEANS : Reports.PAIRS;
  }

  /** Of answers to other prompts. */
  Set<Detail> ofOthers() {
    Set<Detail> details = contiguous(StageHabit.COPIES_SCORED_ANSWERS);
    if (code.does(StageHabit.NAMES_OTHER_ANSWERS)) {
      details.add(Detail.NAMED_ON);
    }
    return details;
  }

  /**
   * Of answers that are good or bad.
   *
   * @param copying what makes the trainer copy the logits of each out of all
   */
  Set<Detail> ofAnswers(StageHabit copying) {
    Set<Detail> details = contiguous(StageHabit.COPIES_SCORED_ANSWERS);
    if (code.does(copying)) {
      boolean alone = code.does(StageHabit.COPIES_COMPARED_ANSWERS);
      details.add(alone ? Detail.ANSWERS_INSTEAD : Detail.COPIES_ANSWERS);
    }
    return details;
  }

  /** With the last token of each sequence where the trainer shifts labels in place of logits. */
  Set<Detail> unshifted(Set<Detail> details) {
    if (code.does(StageHabit.SHIFTS_LABELS)) {
      details.add(Detail.EVERY_TOKEN);
    }
    return details;
  }

  /** How the trainer divides logits by a temperature, in place of the usual way. */
  void scaled(Set<Detail> details) {
    if (code.does(StageHabit.SCALES_BESIDE)) {
      details.add(Detail.QUOTIENTS);
    }
    if (!details.contains(Detail.TEMPERATURE)) {
      return;
    }
    if (code.does(StageHabit.SCALES_IN_PLACE)) {
      details.remove(Detail.TEMPERATURE);
      details.add(Detail.TEMPERATURE_IN_PLACE);
    } else if (code.does(StageHabit.DROPS_UNSCALED)) {
      details.remove(Detail.TEMPERATURE);
      details.add(Detail.TEMPERATURE_INSTEAD);
    }
  }

  /** What is logged of such answers. */
  Reports reportsOfAnswers() {
    if (code.does(StageHabit.DROPS_LOGITS)) {
      return Reports.NONE;
    }
    if (!code.does(StageHabit.COPIES_ANSWERS)) {
      return Reports.ANSWERS;
    }
    return code.does(StageHabit.LOGS_ENTROPY_OF_ANSWERS) ? Reports.SUMS_AND_ENTROPY : Reports.SUMS;
  }
}
