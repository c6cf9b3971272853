package dev.vramcast.answers.first;

import dev.vramcast.answers.memory.Chance;
import dev.vramcast.answers.text.Gib;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.life.Life.Shortage;

/** The answer in one sentence: whether the job fits, and by how much. */
public final class PlainSentence {

  private PlainSentence() {}

  /** Before what a card has to have. */
  static final String NEEDS = ": it needs ";

  /** As {@code QLoRA of llama-3.1-8b fits one RTX 4090 (97 %): it needs 7.2 of its 23.5 GiB.} */
  public static String of(Outcome outcome) {
    String sentence = sentence(outcome);
    String decided =
        outcome.needs().shortage().isPresent()
            ? sentence
            : LifeWords.naming(outcome.worst(), sentence) + LifeWords.host(outcome);
    return decided
        + outcome.caveats().unquantised().map(part -> " " + part.sentence()).orElse("")
        + elsewhere(outcome);
  }

  /** On software of another kind no kernel of CUDA runs, and nobody has measured the others. */
  private static String elsewhere(Outcome outcome) {
    return outcome
        .card()
        .filter(card -> !card.gpu().vendor().runsCuda())
        .map(
            card ->
                " That is counted as under CUDA, whose kernels do not run there" + bits(outcome))
        .map(sentence -> sentence + ".")
        .orElse("");
  }

  /** bitsandbytes has 4 bits of its own for each, which keep what CUDA's keep. */
  private static String bits(Outcome outcome) {
    return outcome.resolution().job().quantization().byBitsandbytes()
        ? ", FlashAttention's and bitsandbytes' among them"
        : ", FlashAttention's among them";
  }

  private static String sentence(Outcome outcome) {
    ResolvedJob job = outcome.resolution().job();
    String subject =
        Training.of(job).first()
            + " of "
            + outcome.model()
            + (outcome.caveats().textOnly().isPresent() ? " on text alone" : "");
    int gpus = job.parallelism().gpus();
    String counted =
        outcome.card().map(card -> cards(gpus, card)).orElse(gpus + (gpus == 1 ? " GPU" : " GPUs"));
    String where = counted + machines(job.parallelism().nodes());
    if (outcome.needs().shortage().isPresent()) {
      Shortage shortage = outcome.needs().shortage().get();
      return LifeWords.shortage(shortage, subject, where, LifeWords.isTold(shortage, job));
    }
    if (outcome.card().isEmpty()) {
      return subject
          + " needs "
          + Gib.card(outcome.neededBytes())
          + upTo(outcome)
          + " of "
          + (gpus == 1 ? "a GPU." : "each of " + gpus + " GPUs.");
    }
    Outcome.OnCard card = outcome.card().get();
    String usable = Gib.card(card.usableBytes());
    return switch (card.verdict()) {
      case FITS ->
          subject + " fits " + where + chance(card) + NEEDS + of(outcome, usable, gpus) + ".";
      case TIGHT -> tight(subject, where, outcome, usable, gpus);
      case DOES_NOT_FIT ->
          subject
              + " does not fit "
              + where
              + NEEDS
              + Gib.card(outcome.neededBytes())
              + (gpus == 1 ? "" : " of each")
              + ", of which there are "
              + usable
              + ".";
      case NOT_MODELLED -> subject + " on " + where + " is not modelled.";
    };
  }

  private static String cards(int gpus, Outcome.OnCard card) {
    return (gpus == 1 ? "one " : gpus + " × ") + card.gpu().name();
  }

  /** A count of GPUs is that of the job, where others count those of a machine. */
  private static String machines(int nodes) {
    return nodes == 1 ? "" : " in " + nodes + " machines";
  }

  /** The chance decides which way, and the range why it is not certain. */
  private static String tight(
      String subject, String where, Outcome outcome, String usable, int gpus) {
    Outcome.OnCard card = outcome.card().orElseThrow();
    boolean enough = outcome.neededBytes() <= card.usableBytes();
    String likely = Chance.likely(card.chance(), enough);
    return subject
        + " "
        + likely
        + " "
        + where
        + (Chance.isOpen(card.chance(), enough) ? "" : ", but it is not certain")
        + chance(card)
        + NEEDS
        + of(outcome, usable, gpus)
        + ".";
  }

  private static String chance(Outcome.OnCard card) {
    return card.chance().isPresent() ? " (" + Chance.text(card.chance()) + ")" : "";
  }

  private static String of(Outcome outcome, String usable, int gpus) {
    String need = Gib.rounded(Gib.of(outcome.neededBytes()), 1);
    return need + " of " + usable + (gpus == 1 ? "" : " of each") + ends(outcome);
  }

  private static String ends(Outcome outcome) {
    return outcome
        .range()
        .map(
            range ->
                ", between "
                    + Gib.rounded(Gib.of(range.lowBytes()), 1)
                    + " and "
                    + Gib.rounded(Gib.of(range.highBytes()), 1))
        .orElse("");
  }

  private static String upTo(Outcome outcome) {
    return outcome
        .range()
        .map(
            range ->
                " ("
                    + Gib.rounded(Gib.of(range.lowBytes()), 1)
                    + " to "
                    + Gib.rounded(Gib.of(range.highBytes()), 1)
                    + ")")
        .orElse("");
  }
}
