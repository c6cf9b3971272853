package dev.vramcast.formats.write.train;

import dev.vramcast.core.job.JobKey;
import dev.vramcast.core.job.ResolvedJob;
import java.util.Optional;

/** What a training file needs and a job does not say. */
final class Usual {

  /** A small public data set of instructions, which the frameworks' own examples use. */
  static final String DATA_SET = "tatsu-lab/alpaca";

  static final String OUTPUT = "outputs";

  private Usual() {}

  /** As in the frameworks' examples: adapters take larger steps. */
  static double learningRate(ResolvedJob job) {
    return job.adapter().isPresent() ? 2e-4 : 1e-5;
  }

  /** Epochs of the job, or one. */
  static double epochs(Said said) {
    said.says(JobKey.EPOCHS);
    return said.wanted(JobKey.EPOCHS, Double.class).orElse(1.0);
  }

  /** Epochs where a key takes whole numbers: rounded up, and then said to be others. */
  static int wholeEpochs(Said said) {
    int whole = (int) Math.max(1, Math.ceil(epochs(said)));
    if (said.wanted(JobKey.EPOCHS, Double.class).isPresent()) {
      said.settles(JobKey.EPOCHS, (double) whole);
    }
    return whole;
  }

  /** Says what the user has to fill in. */
  static void remind(Said said, String rateKey, String dataKey, Optional<String> file) {
    said.warn(
        file.isPresent()
            ? "a job names no learning rate, %s holds a usual one".formatted(rateKey)
            : "the job names no learning rate and no data set, %s and %s hold examples"
                .formatted(rateKey, dataKey));
  }
}
