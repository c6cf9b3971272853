package dev.vramcast.formats.training.trl;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.AttentionKernel;
import dev.vramcast.core.job.option.LigerKernel;
import dev.vramcast.core.job.option.LossKernel;
import dev.vramcast.core.job.option.Padding;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.Setting;
import dev.vramcast.formats.training.text.TrainingFile;
import dev.vramcast.formats.training.trainer.TrainerStep;
import java.math.BigDecimal;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** How rows fill a batch, and the loss over them. */
final class Rows {

  /** Where a program calls Liger itself, with the arguments of that call. */
  static final String LIGER_CALL = "liger_kernel";

  /** Arguments of that call that switch a kernel off. */
  private static final Map<LigerKernel, List<String>> OF_KERNELS =
      Map.of(
          LigerKernel.RMS_NORM, List.of("rms_norm"),
          LigerKernel.SWIGLU, List.of("swiglu", "geglu"),
          LigerKernel.ROPE, List.of("rope"));

  private static final Set<Stage> FUSED = EnumSet.of(Stage.GRPO, Stage.DPO, Stage.KTO);

  /** Transformers' examples for models that read and write, which cut texts unasked. */
  private static final Pattern PAIRS =
      Pattern.compile("(?:.*/)?run_(?:summarization|translation)(?:_no_trainer)?\\.py");

  /**
   * FastChat's programs, whose rows are all padded to model_max_length (preprocess in
   * fastchat/train/train.py), and of which train_mem.py has FlashAttention in place of Llama's own.
   */
  private static final Pattern FASTCHAT =
      Pattern.compile(
          "(?:.*/)?fastchat[./]train[./]train(_mem|_lora|_with_template|_baichuan|_yuan2)?"
              + "(?:\\.py)?");

  /** DataTrainingArguments of theirs: max_source_length, max_target_length. */
  private static final int READ = 1024;

  private static final int WRITTEN = 128;

  /** Such a class with a head of its own comes with its checkpoint, as ChatGLM does. */
  private static final String REMOTE = "AutoModel";

  private static final Set<String> OLD = Set.of("use_liger_kernel", "use_liger");

  private final JobBuilder job;
  private final TrainerStep step;
  private final Stage stage;
  private final boolean bare;
  private final boolean pairs;

  /** What stands behind {@code train} in the name of FastChat's program. */
  private final Optional<String> fastchat;

  /**
   * Of a job that is read.
   *
   * @param given the file as it is
   */
  Rows(JobBuilder job, TrainerStep step, Stage stage, boolean bare, TrainingFile given) {
    this.job = job;
    this.pairs =
        given.command().stream()
            .flatMap(command -> command.words().stream())
            .anyMatch(word -> PAIRS.matcher(word).matches());
    this.fastchat =
        given.command().stream()
            .flatMap(command -> Stream.concat(command.words().stream(), command.module().stream()))
            .map(FASTCHAT::matcher)
            .filter(Matcher::matches)
            .map(found -> String.valueOf(found.group(1)))
            .findFirst();
    this.step = step;
    this.stage = stage;
    this.bare = bare;
  }

  void read() {
    job.reads(List.of(JobKey.SEQUENCE_LENGTH), this::length);
    job.reads(List.of(JobKey.COMPLETION_LENGTH), this::target);
    job.reads(List.of(JobKey.PADDING), this::packing);
    if (fastchat.filter("_mem"::equals).isPresent() && !job.has(JobKey.ATTENTION)) {
      job.put(JobKey.ATTENTION, AttentionKernel.FLASH);
    }
    job.reads(List.of(JobKey.LOSS, JobKey.LIGER_KERNELS), this::loss);
    job.reads(List.of(JobKey.CHECKPOINTING), this::offloading);
  }

  private void length() {
    Optional<Setting> coverage =
        job.get("max_length")
            .or(() -> bare ? job.get("max_source_length") : Optional.empty())
            .or(() -> job.get("max_seq_length"))
            .or(() -> job.any("max_seq_len", "block_size"))
            .or(() -> job.get("model_max_length"));
    if (coverage.isEmpty() && bare && pairs) {
      byDefault(JobKey.SEQUENCE_LENGTH, "max_source_length", READ);
      return;
    }
    boolean bounded =
        job.any("max_prompt_length", "vllm_max_model_length").isPresent()
            && job.get("max_completion_length").isPresent();
    if (stage.generates() && bounded) {
      return;
    }
    // Its trainer makes nothing of the rows, and cuts none (trl/trainer/sft_trainer.py).
    boolean unprepared =
        job.get("dataset_kwargs")
            .flatMap(kwargs -> kwargs.at("skip_prepare_dataset"))
            .filter(Setting::bool)
            .isPresent();
    coverage.ifPresentOrElse(this::stated, () -> unstated(unprepared));
  }

  private void stated(Setting length) {
    job.put(JobKey.SEQUENCE_LENGTH, length);
    if (length.key().equals("max_source_length") && isCausal()) {
      job.get("max_target_length").ifPresent(this::behind);
    } else if (length.key().equals("max_seq_length") && !bare) {
      job.say(
          FindingCode.RENAMED_KEY,
          length,
          "max_seq_length is max_length since TRL 0.20, whose scripts ignore or refuse"
              + " the old name and cut at 1024");
    }
  }

  private void unstated(boolean unprepared) {
    boolean unlimited = job.isNull("max_length");
    if (unlimited || unprepared || bare || stage.generates()) {
      job.openLength(
          unlimited
              ? "max_length is none, so examples are not cut"
              : unprepared
                  ? "skip_prepare_dataset is on, so examples are not cut"
                  : "no argument says how long sequences are");
    } else {
      job.say(
          FindingCode.SURPRISING_DEFAULT,
          "max_length",
          "max_length is missing: TRL cuts at 1024 tokens");
    }
  }

  /** What a model that only decodes writes stands in the same row as what it reads. */
  private void behind(Setting target) {
    int source = job.whole(JobKey.SEQUENCE_LENGTH).orElse(0);
    job.put(JobKey.SEQUENCE_LENGTH, target.plus(source), target);
    job.say(
        FindingCode.ASSUMED,
        target,
        "max_source_length and max_target_length are counted as one row, which a model that only"
            + " decodes reads");
  }

  private boolean isCausal() {
    return job.get(TrainingFile.LOADER)
        .map(Setting::shown)
        .filter(loader -> loader.endsWith("ForCausalLM") || loader.equals(REMOTE))
        .isPresent();
  }

  /** Transformers' examples of translation and summarisation, and programs that are like them. */
  private void target() {
    if (bare && !isCausal()) {
      job.get("max_target_length")
          .ifPresentOrElse(
              set -> job.put(JobKey.COMPLETION_LENGTH, set),
              () -> {
                if (pairs) {
                  byDefault(JobKey.COMPLETION_LENGTH, "max_target_length", WRITTEN);
                }
              });
    }
  }

  private void byDefault(JobKey key, String option, int length) {
    job.put(key, length);
    job.say(
        FindingCode.SURPRISING_DEFAULT,
        option,
        option + " is missing: Transformers' example cuts at " + length + " tokens");
  }

  private void packing() {
    for (String key : List.of("packing", "padding_free")) {
      // Trainers of other stages pad whatever they are told (trl/trainer/dpo_trainer.py).
      if (job.isOn(key) && stage == Stage.SFT) {
        job.put(JobKey.PADDING, Padding.PACKED, job.get(key).orElseThrow());
        return;
      }
    }
    if (fastchat.isPresent()) {
      job.put(JobKey.PADDING, Padding.PADDED);
    }
  }

  private void loss() {
    if (job.isOn("use_liger_kernel") || job.isOn("use_liger")) {
      Setting liger = job.get("use_liger_kernel").or(() -> job.get("use_liger")).orElseThrow();
      step.liger(liger, true);
      // Until 0.28 use_liger_loss was the word for the losses of these
      // (trl/trainer/grpo_config.py).
      boolean layers = FUSED.contains(stage) && OLD.contains(liger.key()) && job.isBefore(0, 25);
      if (bare && stage != Stage.SFT || layers) {
        // Kernels alone: the loss of another stage is its program's own.
        job.put(JobKey.LOSS, LossKernel.FULL);
      }
      return;
    }
    job.get(LIGER_CALL).ifPresent(this::called);
    if (job.has(JobKey.LOSS)) {
      return;
    }
    Optional<Setting> type = job.get("loss_type");
    if (stage != Stage.SFT) {
      job.put(JobKey.LOSS, LossKernel.FULL);
    } else if (type.isPresent()) {
      job.put(JobKey.LOSS_TYPE, type.get());
    }
  }

  /** All of them, and the loss of a language model, unless the call says otherwise. */
  private void called(Setting call) {
    List<LigerKernel> kernels =
        Stream.of(LigerKernel.values())
            .filter(
                kernel ->
                    OF_KERNELS.getOrDefault(kernel, List.of()).stream()
                        .noneMatch(name -> isOff(call, name)))
            .toList();
    job.put(JobKey.LIGER_KERNELS, kernels, call);
    boolean classifies =
        job.get(TrainingFile.LOADER)
            .map(Setting::shown)
            .filter(loader -> loader.contains("For") && !loader.endsWith("ForCausalLM"))
            .isPresent();
    boolean fused = !isOff(call, "fused_linear_cross_entropy");
    if (stage == Stage.SFT && !classifies && fused) {
      job.put(JobKey.LOSS, LossKernel.LIGER, call);
    }
  }

  private boolean isOff(Setting call, String argument) {
    Optional<Setting> given = call.at(argument);
    given.filter(value -> !isSwitch(value)).ifPresent(this::assumeOn);
    return given.filter(Setting::isIdle).isPresent();
  }

  private static boolean isSwitch(Setting value) {
    return value.isBool() || value.node().value() instanceof BigDecimal;
  }

  private void assumeOn(Setting unknown) {
    job.assume(
        unknown,
        unknown.key() + " is " + unknown.shown() + ", so Liger's own is assumed, which is on");
  }

  private void offloading() {
    if (job.isOn("activation_offloading")) {
      job.put(JobKey.CHECKPOINTING, "offloaded", job.get("activation_offloading").orElseThrow());
    }
  }
}
