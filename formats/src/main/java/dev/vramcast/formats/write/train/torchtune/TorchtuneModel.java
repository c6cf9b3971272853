package dev.vramcast.formats.write.train.torchtune;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.Table;
import dev.vramcast.formats.write.train.JobCoverage;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A model that torchtune has a builder for.
 *
 * @param builder without what kind of training it is for
 */
record TorchtuneModel(
    String packageName, String builder, Tokenizer tokenizer, Checkpointer checkpointer) {

  /**
   * What makes tokens.
   *
   * @param arguments as {@code path=tokenizer.model}, with commas between them
   */
  record Tokenizer(String component, String arguments) {}

  /**
   * What reads the weights.
   *
   * @param fileFormat name of a weight file, with gaps for its number and how many there are
   * @param lastFile how many there are; empty for a single one
   * @param type of the model
   */
  record Checkpointer(String component, String fileFormat, String lastFile, String type) {}

  private static final Map<String, List<String>> ROWS =
      Table.rows(TorchtuneModel.class, "torchtune-models.tsv");

  /** The model of a job; refused when torchtune has none. */
  static TorchtuneModel of(JobCoverage coverage) {
    String name = plain(coverage.model());
    List<String> row = ROWS.get(name);
    if (row == null) {
      String known = String.join(", ", ROWS.keySet());
      throw coverage.error(JobKey.MODEL_ID, known).near(name, ROWS.keySet()).refusal();
    }
    return new TorchtuneModel(
        row.get(1),
        row.get(2),
        new Tokenizer(row.get(3), row.get(4)),
        new Checkpointer(row.get(5), row.get(6), row.get(7), row.get(8)));
  }

  /** Without maker and tuning, which change no shape. */
  private static String plain(String model) {
    return model
        .substring(model.lastIndexOf('/') + 1)
        .toLowerCase(Locale.ROOT)
        .replaceFirst("^meta-", "")
        .replaceFirst("-(instruct|hf|v0\\.1|it|chat-hf)$", "");
  }
}
