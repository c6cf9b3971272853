package dev.vramcast.core.calibration;

/**
 * How fast a run was.
 *
 * @param tokensPerSecond of all GPUs, or of each
 * @param perGpu whether it is the speed of each GPU
 * @param counted which tokens were counted
 * @param source the file or the option that says it
 */
public record MeasuredSpeed(
    double tokensPerSecond, boolean perGpu, Counted counted, String source) {

  /** Which of the tokens that a GPU works on count. */
  public enum Counted {
    /** All of them, as in an estimate. */
    ALL("tokens, padding included"),
    /** Perhaps without padding, which depends on a setting of the run. */
    UNKNOWN("tokens, perhaps without padding"),
    /** Without padding. */
    NO_PADDING("tokens without padding"),
    /** Only those that the loss is taken of. */
    TRAINED("tokens that the loss is taken of");

    private final String words;

    Counted(String words) {
      this.words = words;
    }

    public String words() {
      return words;
    }

    /**
     * Whether the count is that of an estimate, which counts padding too.
     *
     * @param padded whether the job's batches hold padding
     */
    public boolean isComparable(boolean padded) {
      return this == ALL || !padded && this != TRAINED;
    }
  }

  /** Of all GPUs of a job. */
  public double total(int gpus) {
    return perGpu ? tokensPerSecond * gpus : tokensPerSecond;
  }
}
