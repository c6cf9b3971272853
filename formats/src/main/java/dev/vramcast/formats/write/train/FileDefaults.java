package dev.vramcast.formats.write.train;

import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.objective.Stage;
import java.util.Optional;

/** What a training file needs and a job does not say. */
public final class FileDefaults {

  /** A small public data set of instructions, which the frameworks' own examples use. */
  public static final String DATA_SET = "tatsu-lab/alpaca";

  public static final String OUTPUT = "outputs";

  private FileDefaults() {}

  /** As in the frameworks' examples (TRL's for stages): adapters take larger steps. */
  public static double learningRate(ResolvedJob job) {
    boolean adapters = job.adapter().isPresent();
    return switch (job.objective().stage()) {
      case DPO, KTO, BCO, CPO -> adapters ? 5e-6 : 5e-7;
      case ORPO -> adapters ? 8e-5 : 8e-6;
      case GRPO, RLOO, EBFT, PPO -> adapters ? 1e-5 : 1e-6;
      case REWARD -> adapters ? 1e-4 : 1e-5;
      default -> adapters ? 2e-4 : 1e-5;
    };
  }

  /** A small public data set of TRL's for a stage, which its own examples use. */
  public static String dataSet(Stage stage) {
    if (stage.generates()) {
      return "trl-lib/DeepMath-103K";
    }
    if (stage.hasPairs()) {
      return "trl-lib/ultrafeedback_binarized";
    }
    boolean judged = stage.hasAnswers() && stage.compares();
    return judged ? "trl-lib/kto-mix-14k" : "trl-lib/Capybara";
  }

  /** Epochs of the job, or one. */
  public static double epochs(JobCoverage coverage) {
    coverage.says(JobKey.EPOCHS);
    return coverage.wanted(JobKey.EPOCHS, Double.class).orElse(1.0);
  }

  /** Steps of the job, behind which epochs do not matter; empty where it has none. */
  public static Optional<Integer> steps(JobCoverage coverage) {
    coverage.says(JobKey.STEPS);
    return coverage.wanted(JobKey.STEPS, Double.class).map(steps -> (int) Math.ceil(steps));
  }

  /** Epochs where a key takes whole numbers: rounded up, and then said to be others. */
  public static int wholeEpochs(JobCoverage coverage) {
    int whole = (int) Math.max(1, Math.ceil(epochs(coverage)));
    if (coverage.wanted(JobKey.EPOCHS, Double.class).isPresent()) {
      coverage.settles(JobKey.EPOCHS, (double) whole);
    }
    return whole;
  }

  /** Says what the user has to fill in, of what no file gave. */
  public static void remind(
      JobCoverage coverage, String rateKey, String dataKey, Optional<String> file) {
    boolean rate = coverage.carried().hasLearningRate();
    boolean data = file.isPresent() || coverage.carried().hasData();
    String named =
        coverage.carried().losesData()
            ? "the file's own data set has no name that the framework takes"
            : "the job names no data set";
    if (!rate && !data) {
      coverage.warn(
          coverage.carried().losesData()
              ? "the job names no learning rate and %s, %s and %s hold examples"
                  .formatted(named, rateKey, dataKey)
              : "the job names no learning rate and no data set, %s and %s hold examples"
                  .formatted(rateKey, dataKey));
    } else if (!rate) {
      coverage.warn("a job names no learning rate, %s holds a usual one".formatted(rateKey));
    } else if (!data) {
      coverage.warn("%s, %s holds an example".formatted(named, dataKey));
    }
  }
}
