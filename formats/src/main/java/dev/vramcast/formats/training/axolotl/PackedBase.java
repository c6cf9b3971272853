package dev.vramcast.formats.training.axolotl;

import dev.vramcast.core.input.Gap;
import dev.vramcast.core.job.Quantization;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.QuantizationScheme;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.Setting;
import java.util.Optional;
import java.util.regex.Pattern;

/** Kernels of experts, and checkpoints whose experts they read packed: integrations/kernels. */
final class PackedBase {

  private static final Pattern NVFP4 = Pattern.compile("(?i)(?<![a-z])NVFP4(?![a-z])");

  /** Mixtures whose checkpoints are fp8, and stay so where nothing quantises them. */
  private static final Pattern FP8 =
      Pattern.compile("(?i)(MiniMaxAI/MiniMax-M2|deepseek-ai/DeepSeek-(V3|R1(?!-Distill)))");

  private static final String MERGE_AWARE = "nvfp4_merge_aware";

  private static final String GROUPED_MODE = "dsv4_fp4_grouped_mode";

  private static final String BACKEND = "moe_grouped_backend";

  private final JobBuilder job;

  PackedBase(JobBuilder job) {
    this.job = job;
  }

  /** Where the file does not quantise the base itself. */
  void read() {
    Optional<Setting> sonic = on("use_sonicmoe");
    Optional<Setting> scatter = on("use_scattermoe");
    // kernels/args.py check_mutually_exclusive.
    scatter
        .filter(on -> sonic.isPresent())
        .ifPresent(
            on ->
                job.say(
                    FindingCode.REFUSED,
                    on,
                    "use_scattermoe is refused with use_sonicmoe: set one of the two"));
    boolean adapts = !job.has(JobKey.QUANTIZATION_SCHEME) && !job.is(JobKey.METHOD, "full");
    if (adapts && sonic.isPresent() && job.isOn(MERGE_AWARE)) {
      snapped(job.get(MERGE_AWARE).orElseThrow());
      return;
    }
    sonic.ifPresent(this::asTransformers);
    if (adapts) {
      sonic
          .filter(on -> isNamed(NVFP4))
          .ifPresent(on -> refuse(on, "NVFP4", "what its kernels for the card make whole"));
    }
    scatter.ifPresent(adapts ? this::scattered : this::asTransformers);
  }

  private void asTransformers(Setting on) {
    job.say(
        FindingCode.NOT_COUNTED,
        on,
        on.key(),
        " is true: experts are counted as Transformers runs them");
  }

  private void scattered(Setting on) {
    if (isNamed(NVFP4)) {
      grouped(on);
    } else if (isNamed(FP8)) {
      inFp8(on);
    } else {
      asTransformers(on);
    }
  }

  /**
   * Experts in fp8 have an interface of their own, where nobody registers these kernels
   * (transformers 5.16 integrations/finegrained_fp8.py ALL_FP8_EXPERTS_FUNCTIONS). In older ones
   * the kernels would get weights without their scales.
   */
  private void inFp8(Setting on) {
    if (!job.has(JobKey.FRAMEWORK_VERSION) && !job.has(JobKey.TRANSFORMERS_VERSION)) {
      job.stops(
          JobKey.QUANTIZATION_SCHEME,
          on,
          "experts in fp8 stop at it: `scattermoe` is not a valid experts implementation registered"
              + " in the `ExpertsInterface` that FP8Experts has (transformers 5.16.1)");
      return;
    }
    refuse(on, "fp8", "what its kernels make of weights whose scales they do not read");
  }

  /**
   * Marlin's products, the first choice of all cards but Blackwell's for data centres
   * (scattermoe_lora/grouped_train.py _auto_backend); without the mode another kernel.
   */
  private void grouped(Setting on) {
    Optional<Setting> mode = job.get(GROUPED_MODE).filter(named -> named.word().equals("nvfp4"));
    Optional<Setting> backend =
        job.get(BACKEND)
            .filter(named -> !named.word().equals("auto") && !named.word().equals("marlin"));
    boolean divided =
        job.get("expert_parallel_size").filter(ranks -> ranks.whole() > 1).isPresent();
    if (divided) {
      refuse(on, "NVFP4", "what ranks that divide them have of each other's rows");
      return;
    }
    if (mode.isEmpty() || backend.isPresent()) {
      refuse(on, "NVFP4", "which grouped product runs, and what it copies");
      return;
    }
    put(Quantization.GROUPED, on);
  }

  /** The base has to be a checkpoint in NVFP4: kernels/plugin.py. */
  private void snapped(Setting on) {
    put(Quantization.SNAPPED, on);
  }

  private void put(String holder, Setting on) {
    job.put(JobKey.QUANTIZATION_SCHEME, QuantizationScheme.NVFP4, on);
    job.put(JobKey.QUANTIZATION_IMPLEMENTATION, holder, on);
    job.put(JobKey.QUANTIZED_EXPERTS, true, on);
  }

  private void refuse(Setting on, String stored, String unknown) {
    job.notModelled(
        JobKey.QUANTIZATION_SCHEME,
        on,
        Gap.of(stored, " experts under ", on.key())
            .needs(unknown)
            .modelled(
                "NVFP4 under use_sonicmoe with ",
                MERGE_AWARE,
                ", under use_scattermoe with ",
                GROUPED_MODE,
                " nvfp4 and ",
                BACKEND,
                " auto or marlin"));
  }

  private boolean isNamed(Pattern pattern) {
    return job.text(JobKey.MODEL_ID).filter(pattern.asPredicate()).isPresent();
  }

  private Optional<Setting> on(String key) {
    return job.get(key).filter(Setting::bool);
  }
}
