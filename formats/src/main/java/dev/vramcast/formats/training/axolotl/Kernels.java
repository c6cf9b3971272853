package dev.vramcast.formats.training.axolotl;

import dev.vramcast.core.input.Gap;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.AttentionKernel;
import dev.vramcast.core.job.option.LigerKernel;
import dev.vramcast.core.job.option.LossKernel;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.Setting;
import dev.vramcast.formats.training.trainer.AttentionWords;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Attention, loss and fused kernels. */
final class Kernels {

  /** {@code utils/schemas/enums.py} LEGACY_ATTN_FLAG_TO_IMPL. */
  private static final Map<String, AttentionKernel> OLD_FLAGS = new LinkedHashMap<>();

  static {
    OLD_FLAGS.put("flash_attention", AttentionKernel.FLASH);
    OLD_FLAGS.put("sdp_attention", AttentionKernel.SDPA);
    OLD_FLAGS.put("xformers_attention", AttentionKernel.FLASH);
    OLD_FLAGS.put("flex_attention", AttentionKernel.FLEX);
    OLD_FLAGS.put("sage_attention", AttentionKernel.FLASH);
    OLD_FLAGS.put("eager_attention", AttentionKernel.EAGER);
  }

  private static final Map<String, LigerKernel> LIGER =
      Map.of(
          "liger_rope", LigerKernel.ROPE,
          "liger_rms_norm", LigerKernel.RMS_NORM,
          "liger_glu_activation", LigerKernel.SWIGLU);

  private static final List<String> LIGER_KEYS =
      List.of(
          "liger_rope",
          "liger_rms_norm",
          "liger_rms_norm_gated",
          "liger_layer_norm",
          "liger_glu_activation",
          "liger_cross_entropy",
          "liger_fused_linear_cross_entropy");

  private final JobBuilder job;

  Kernels(JobBuilder job) {
    this.job = job;
  }

  void read() {
    job.reads(List.of(JobKey.ATTENTION), this::attention);
    job.reads(List.of(JobKey.LOSS, JobKey.LIGER_KERNELS), this::fused);
    Plugins.sayOthers(job);
    job.reads(List.of(JobKey.COMPILE), this::compile);
    job.reads(List.of(JobKey.MODEL_DTYPE), this::upcasts);
  }

  private void attention() {
    job.get("use_dsv4_kernels")
        .filter(Setting::bool)
        .ifPresent(
            on ->
                job.notModelled(
                    JobKey.ATTENTION,
                    on,
                    Gap.of(on.key()).needs("what its kernels keep in place of the model's code")));
    Optional<Setting> named = job.get("attn_implementation");
    named.ifPresent(setting -> AttentionWords.read(job, setting));
    OLD_FLAGS.forEach(
        (flag, kernel) -> {
          if (job.isOn(flag)) {
            Setting setting = job.get(flag).get();
            job.say(
                FindingCode.RENAMED_KEY, setting, flag + " is a value of attn_implementation now");
            if (named.isEmpty() && !job.has(JobKey.ATTENTION)) {
              job.put(JobKey.ATTENTION, kernel, setting);
            }
          }
        });
    boolean masked =
        !job.has(JobKey.ATTENTION)
            || job.is(JobKey.ATTENTION, "sdpa") && !job.isOn("sdpa_varlen")
            || job.is(JobKey.ATTENTION, "eager");
    if (masked && job.isOn("sample_packing")) {
      job.say(
          FindingCode.NOT_COUNTED,
          job.get("sample_packing").get(),
          "sample_packing without flash attention takes a mask of sequence_len², which is not"
              + " counted");
    }
  }

  private void fused() {
    boolean liger = plugin("liger");
    List<LigerKernel> kernels = new ArrayList<>();
    Optional<Setting> first = Optional.empty();
    for (String key : LIGER_KEYS) {
      if (!job.isOn(key)) {
        continue;
      }
      Setting setting = job.get(key).get();
      if (!liger) {
        job.say(
            FindingCode.IGNORED_KEY,
            setting,
            key + " does nothing without axolotl.integrations.liger.LigerPlugin in plugins");
      } else if (LIGER.containsKey(key)) {
        kernels.add(LIGER.get(key));
        first = first.isPresent() ? first : Optional.of(setting);
      }
    }
    if (first.isPresent()) {
      job.put(JobKey.LIGER_KERNELS, kernels, first.get());
    }
    loss(liger);
  }

  private void loss(boolean liger) {
    Map<Setting, LossKernel> asked = new LinkedHashMap<>();
    boolean cut = plugin("cutcrossentropy") && !job.isOff("cut_cross_entropy");
    if (cut) {
      Setting key = job.get("cut_cross_entropy").or(() -> job.get("plugins")).orElseThrow();
      asked.put(key, LossKernel.CCE);
    } else if (job.isOn("cut_cross_entropy")) {
      job.say(
          FindingCode.IGNORED_KEY,
          job.get("cut_cross_entropy").get(),
          "cut_cross_entropy does nothing without"
              + " axolotl.integrations.cut_cross_entropy.CutCrossEntropyPlugin in plugins");
    }
    on("chunked_cross_entropy").ifPresent(setting -> asked.put(setting, LossKernel.CHUNKED));
    if (liger) {
      on("liger_cross_entropy").ifPresent(setting -> asked.put(setting, LossKernel.TRITON));
      on("liger_fused_linear_cross_entropy")
          .ifPresent(setting -> asked.put(setting, LossKernel.LIGER));
    }
    asked.forEach((setting, kernel) -> job.put(JobKey.LOSS, kernel, setting));
    if (asked.size() > 1) {
      Setting last = List.copyOf(asked.keySet()).get(asked.size() - 1);
      job.say(FindingCode.REFUSED, last, last.key() + " is refused beside another fused loss");
    }
  }

  private Optional<Setting> on(String key) {
    return job.get(key).filter(Setting::bool);
  }

  private boolean plugin(String name) {
    return Plugins.holds(job, name);
  }

  private void compile() {
    job.get("torch_compile")
        .filter(setting -> !setting.shown().equals("auto"))
        .ifPresent(setting -> job.put(JobKey.COMPILE, setting));
  }

  /** {@code loaders/model.py} _configure_embedding_dtypes casts back only for these. */
  private void upcasts() {
    boolean castBack =
        job.has(JobKey.LORA_RANK)
            || job.get("adapter").isPresent()
            || job.is(JobKey.STRATEGY, "fsdp1")
            || job.is(JobKey.STRATEGY, "fsdp2")
            || job.is(JobKey.LOSS, "cce")
            || job.is(JobKey.ATTENTION, "flash")
            || job.is(JobKey.ATTENTION, "flex");
    if (!castBack) {
      job.say(
          FindingCode.NOT_COUNTED,
          "embeddings_skip_upcast",
          "without an adapter, flash attention or FSDP, Axolotl keeps embeddings, head and norms"
              + " in fp32, which is not counted");
    }
  }
}
