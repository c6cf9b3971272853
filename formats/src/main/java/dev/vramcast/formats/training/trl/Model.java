package dev.vramcast.formats.training.trl;

import dev.vramcast.core.input.Gap;
import dev.vramcast.core.job.document.AsPublished;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.Precision;
import dev.vramcast.core.units.DataType;
import dev.vramcast.formats.python.handed.CastModel;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.Setting;
import dev.vramcast.formats.training.text.TrainingFile;
import dev.vramcast.formats.training.text.TrainingFile.Form;
import dev.vramcast.formats.training.trainer.AttentionWords;
import dev.vramcast.formats.training.trainer.Dtypes;
import dev.vramcast.formats.training.trainer.TrainerStep;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** How the model is loaded, and computed in. */
final class Model {

  /** A call that makes a base fp32 which is in 16 bits. */
  static final String WIDENED = "prepare_model_for_kbit_training";

  /** What TRL makes of its options. */
  private static final Pattern TOLD = Pattern.compile("get_quantization_config");

  /** Loaders that ask for the class of a language model, which some models have apart. */
  private static final Set<String> CAUSAL_LM =
      Set.of("AutoModelForCausalLM", "AutoLigerKernelForCausalLM");

  private final JobBuilder job;
  private final TrainerStep step;
  private final boolean bare;
  private final boolean loads;

  private final TrainingFile given;

  /** Whether the program does not show how it is loaded. */
  private final boolean unseen;

  /**
   * The model of a file.
   *
   * @param bare whether the Trainer trains, and not TRL
   * @param given the file as it is given, which may be a program that loads it by itself
   */
  Model(JobBuilder job, TrainerStep step, boolean bare, TrainingFile given) {
    this.job = job;
    this.step = step;
    this.bare = bare;
    this.given = given;
    this.unseen = Programs.loadsUnseen(given);
    this.loads = Programs.loads(given) || unseen;
  }

  private String told() {
    return unseen
        ? "the program does not show how its model is loaded, which is taken for from_pretrained"
            + " that is told of no dtype and "
        : "from_pretrained is told of no dtype and ";
  }

  void read() {
    job.reads(List.of(JobKey.PRECISION), this::precision);
    job.reads(List.of(JobKey.MODEL_DTYPE), this::dtype);
    job.reads(List.of(JobKey.QUANTIZATION_SCHEME), this::quantisation);
    job.reads(List.of(JobKey.ATTENTION), this::attention);
    job.get(TrainingFile.LOADER)
        .filter(loader -> CAUSAL_LM.contains(loader.text()))
        .ifPresent(loader -> job.put(JobKey.MODEL_CLASS, "causal-lm", loader));
    job.get(ForbiddenCache.KEY)
        .filter(said -> said.isBool() && !said.bool())
        .ifPresent(said -> job.put(JobKey.USE_CACHE, false, said));
  }

  /** Says that a base may be quantised by what stands in another module, or by its own code. */
  private void quantisation() {
    if (given.form() == Form.PROGRAM) {
      JobBuilder.in(given, "AutoModel." + CastModel.QUANTISES)
          .ifPresent(
              call ->
                  job.notModelled(
                      JobKey.QUANTIZATION_SCHEME,
                      call,
                      Gap.of("quantize of a model's own code, as ChatGLM has it")
                          .needs("its tensors, and what a layer of it computes with")
                          .modelled("BitsAndBytesConfig")));
    }
    boolean made =
        given.form() == Form.PROGRAM
            && !given.has("BitsAndBytesConfig")
            && given
                .node("AutoModel." + Adapters.QUANTISER)
                .filter(quantiser -> quantiser.value() instanceof String)
                .filter(quantiser -> !TOLD.matcher(String.valueOf(quantiser.value())).find())
                .isPresent();
    if (made && !job.has(JobKey.QUANTIZATION_SCHEME) && job.get(Adapters.QUANTISER).isEmpty()) {
      job.assume(
          JobKey.QUANTIZATION_SCHEME,
          "the program does not show how its model is quantised, which is counted as it is; ",
          JobKey.QUANTIZATION_SCHEME,
          " says otherwise");
    }
  }

  private Optional<Setting> coverage() {
    return job.get("dtype")
        .or(() -> job.get("torch_dtype"))
        .or(() -> job.get("model_init_kwargs").flatMap(kwargs -> kwargs.at("dtype")))
        .or(() -> job.get("model_init_kwargs").flatMap(kwargs -> kwargs.at("torch_dtype")));
  }

  /** TRL turns bf16 on unless it is told not to. */
  private void precision() {
    step.precision();
    if (!bare && !job.has(JobKey.PRECISION) && job.isOff("bf16")) {
      Setting off = job.get("bf16").orElseThrow();
      boolean published = coverage().isPresent() || loads && !isBeforeFive();
      Optional<DataType> stated = coverage().flatMap(Dtypes::of);
      if (job.get(WIDENED).isPresent()) {
        job.put(JobKey.PRECISION, Precision.FP32, off);
      } else if (stated.isPresent()) {
        job.put(JobKey.PRECISION, Precision.pure(stated.get()), off);
      } else {
        job.put(JobKey.PRECISION, published ? AsPublished.PRECISION : Precision.FP32, off);
      }
    }
  }

  private void dtype() {
    Optional<Setting> coverage = coverage();
    coverage
        .filter(setting -> setting.key().endsWith("torch_dtype"))
        .ifPresent(
            setting ->
                job.say(
                    FindingCode.RENAMED_KEY,
                    setting,
                    "torch_dtype is dtype now, and new versions ignore or refuse the old name"));
    Optional<Setting> widened = job.get(WIDENED);
    if (upcasts()) {
      keptInFp32(coverage);
    } else if (widened.isPresent()) {
      job.put(JobKey.MODEL_DTYPE, DataType.FP32, widened.get());
      job.say(
          FindingCode.SURPRISING_DEFAULT,
          widened.get(),
          WIDENED + " makes a base fp32 that is not quantised");
    } else if (coverage.isPresent()) {
      Dtypes.read(job, coverage.get());
    } else if (!bare && loads) {
      asLoaded();
    } else if (!bare) {
      job.say(
          FindingCode.SURPRISING_DEFAULT,
          "dtype",
          "dtype is missing: TRL's script loads the model in float32");
    }
  }

  private void keptInFp32(Optional<Setting> coverage) {
    job.put(JobKey.MODEL_DTYPE, DataType.FP32, JobKey.STRATEGY);
    coverage
        .filter(setting -> !Dtypes.of(setting).equals(Optional.of(DataType.FP32)))
        .ifPresent(
            setting ->
                job.say(
                    FindingCode.SURPRISING_DEFAULT,
                    setting,
                    setting.key()
                        + " does not hold: FSDP in mixed precision keeps trained"
                        + " parameters in fp32"));
  }

  /** What a program's own call of {@code from_pretrained} loads where it says no dtype. */
  private void asLoaded() {
    if (!isBeforeFive()) {
      job.put(JobKey.MODEL_DTYPE, AsPublished.DTYPE, JobKey.MODEL_ID);
      job.assume(JobKey.MODEL_DTYPE, told() + "takes that of the checkpoint");
    } else if (job.has(JobKey.QUANTIZATION_SCHEME)) {
      // What bitsandbytes leaves of a quantised model.
      job.put(JobKey.MODEL_DTYPE, DataType.BF16, JobKey.MODEL_ID);
      job.assume(JobKey.MODEL_DTYPE, told() + "leaves 16 bits of what is not quantised");
    } else {
      job.put(JobKey.MODEL_DTYPE, DataType.FP32, JobKey.MODEL_ID);
      job.assume(JobKey.MODEL_DTYPE, told() + "loads in fp32 before Transformers 5");
    }
  }

  /** TRL 0.27 is the first that was released beside Transformers 5. */
  private boolean isBeforeFive() {
    return job.isBefore(0, 27)
        || job.text(JobKey.TRANSFORMERS_VERSION)
            .filter(text -> text.matches("[34]\\..*"))
            .isPresent();
  }

  /** accelerate/accelerator.py and utils/fsdp_utils.py, for parameters that are trained. */
  private boolean upcasts() {
    boolean fsdp = job.is(JobKey.STRATEGY, "fsdp1") || job.is(JobKey.STRATEGY, "fsdp2");
    boolean pure =
        job.has(JobKey.PRECISION)
            && !job.is(JobKey.PRECISION, "bf16-mixed")
            && !job.is(JobKey.PRECISION, "fp16-mixed");
    boolean mixed = !pure && (job.has(JobKey.PRECISION) || !bare);
    return fsdp && mixed && job.is(JobKey.METHOD, "full");
  }

  private void attention() {
    Optional<Setting> named =
        job.get("attn_implementation")
            .or(
                () ->
                    job.get("model_init_kwargs")
                        .flatMap(kwargs -> kwargs.at("attn_implementation")));
    if (named.isPresent()) {
      AttentionWords.read(job, named.get());
    } else {
      for (String flag : List.of("use_flash_attn", "use_flash_attention_2")) {
        if (job.isOn(flag)) {
          job.put(JobKey.ATTENTION, "flash", job.get(flag).orElseThrow());
        }
      }
    }
  }
}
