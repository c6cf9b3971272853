package dev.vramcast.formats.training.trl;

import dev.vramcast.core.input.Gap;
import dev.vramcast.core.input.Shown;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.FrozenPart;
import dev.vramcast.core.job.option.QuantizationScheme;
import dev.vramcast.formats.python.objects.FrozenParameters;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.FrozenParts;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.Setting;
import dev.vramcast.formats.training.Targets;
import dev.vramcast.formats.training.text.TrainingFile;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** {@code trl/trainer/model_config.py}, and the names in PEFT's examples/sft. */
final class Adapters {

  private static final List<String> ADAPTER_KEYS =
      List.of("lora_r", "lora_alpha", "lora_dropout", "lora_target_modules", "use_dora");

  /** What programs switch adapters on by. */
  static final List<String> SWITCHES =
      List.of("use_peft", "use_peft_lora", "use_lora", "lora_enable", "lora", "peft_enabled");

  private static final String BITS = "bits";

  /** VLM-R1's switch for the whole tower, its merger among it. */
  private static final String OF_VISION = "freeze_vision_modules";

  /** A program that is called by what it trains. */
  private static final Pattern NAMED = Pattern.compile("(?i)(?:.*[/_-])?q?lora(?:[_-].*)?\\.py");

  private static final Pattern QUANTISING =
      Pattern.compile("(?i)(?:.*[/_-])?qlora(?:[_-].*)?\\.py");

  /** A program that is called by not training them. */
  private static final Pattern WITHOUT =
      Pattern.compile("(?i)(?:.*[/_-])?(?:no|non|not|without|wo)[_-]?q?lora[^/]*\\.py");

  /** FastChat's switch for a base in four bits (fastchat/train/train_lora.py). */
  private static final String OF_FASTCHAT = "q_lora";

  /** A base that is quantised already, which Qwen's program has under the same switch. */
  private static final Pattern QUANTISED = Pattern.compile("(?i).*(?:gptq|int4|awq).*");

  private final JobBuilder job;
  private final Optional<String> program;

  /** A kind of adapters that a program makes, by the class of its configuration. */
  static final String OTHER = "peft_config";

  /** A quantiser of the model that a program makes, by the class of its configuration. */
  static final String QUANTISER = "quantization_config";

  /**
   * Whisper's method, and the option of Transformers' script that calls it
   * (run_speech_recognition_seq2seq.py).
   */
  static final String FREEZES_ENCODER = "freeze_encoder";

  private static final Pattern HEARS = Pattern.compile("(?i).*whisper.*");

  /** Modules that bitsandbytes leaves as they are (BitsAndBytesConfig). */
  static final String SKIPPED = "llm_int8_skip_modules";

  /** Heads, which stay in 16 bits where nobody names a module. */
  private static final Set<String> HEADS = Set.of("lm_head", "score", "classifier", "embed_out");

  /** Adapters that a program loads and trains on. */
  static final String LOADED = "is_trainable";

  /**
   * The reader of one job.
   *
   * @param program of somebody's own, whose switches nobody knows
   */
  Adapters(JobBuilder job, Optional<String> program) {
    this.job = job;
    this.program = program;
  }

  void read() {
    job.reads(List.of(JobKey.METHOD, JobKey.QUANTIZATION_SCHEME), this::method);
    if (!job.has(JobKey.METHOD)) {
      // A flag may say what trains, and the program of which shape that is.
      job.reads(List.of(JobKey.LORA_RANK, JobKey.LORA_ALPHA, JobKey.LORA_TARGETS), this::shape);
    }
  }

  private void method() {
    Optional<Setting> four =
        on("load_in_4bit", "use_4bit_quantization", "use_4bit_qunatization")
            .or(() -> width("4"))
            .or(this::ofFastChat);
    Optional<Setting> eight =
        on("load_in_8bit", "use_8bit_quantization", "use_8bit_qunatization").or(() -> width("8"));
    Optional<Setting> peft = on(SWITCHES.toArray(String[]::new)).or(this::ofFastChat);
    job.get(QUANTISER)
        .filter(kind -> kind.shown().endsWith("Config"))
        .ifPresent(this::unknownQuantiser);
    Optional<Setting> other = job.get(OTHER).filter(kind -> kind.shown().endsWith("Config"));
    Optional<String> tuner = other.flatMap(Tuners::method);
    other.filter(kind -> tuner.isEmpty()).ifPresent(this::unknownTuner);
    job.get(LOADED).ifPresent(this::loaded);
    boolean switched = peft.isPresent() || tuner.isPresent();
    if (!switched && !isOwnOfAdapters(four.or(() -> eight).isPresent())) {
      full(four.or(() -> eight));
      return;
    }
    boolean called = peft.isEmpty() && four.isEmpty() && eight.isEmpty() && isCalledQuantised();
    if (called) {
      job.put(JobKey.QUANTIZATION_SCHEME, type());
    }
    quantised(four, eight);
    tuner.ifPresentOrElse(
        method -> {
          job.put(JobKey.METHOD, method, other.orElseThrow());
          Tuners.shape(job, other.orElseThrow());
        },
        () -> trained(lora(four.isPresent() || called), peft.or(this::rank)));
    shape();
  }

  private void unknownQuantiser(Setting kind) {
    job.notModelled(
        JobKey.QUANTIZATION_SCHEME,
        kind,
        Gap.of(kind.shown())
            .needs("its tensors, and what a layer of it computes with")
            .modelled("BitsAndBytesConfig"));
  }

  private void unknownTuner(Setting kind) {
    job.notModelled(
        JobKey.METHOD,
        Gap.of(kind.shown(), kind.shown().startsWith("Reft") ? " of pyreft" : " of PEFT")
            .needs("what its adapters keep")
            .modelled("LoraConfig"));
  }

  private void loaded(Setting adapter) {
    job.say(
        FindingCode.NOT_FOLLOWED,
        adapter,
        "the adapter that is trained on is not in the file: counted with PEFT's rank of"
            + " 8 and its usual targets; ",
        JobKey.LORA_RANK,
        " and ",
        JobKey.LORA_TARGETS,
        " say what it has");
  }

  /** Four bits go before eight where a program asks for both. */
  private void quantised(Optional<Setting> four, Optional<Setting> eight) {
    four.ifPresent(setting -> job.put(JobKey.QUANTIZATION_SCHEME, type(), setting));
    eight.ifPresent(
        setting -> {
          if (four.isPresent()) {
            String words = setting.key() + " is refused beside " + four.get().key();
            job.say(FindingCode.REFUSED, setting, words);
          } else {
            job.put(JobKey.QUANTIZATION_SCHEME, QuantizationScheme.INT8, setting);
          }
        });
  }

  private void trained(String method, Optional<Setting> from) {
    from.ifPresentOrElse(
        setting -> job.put(JobKey.METHOD, method, setting), () -> job.put(JobKey.METHOD, method));
  }

  private Optional<Setting> rank() {
    return job.any("lora_r", "lora_rank").filter(given -> !given.isIdle());
  }

  /**
   * Whether a program of somebody's own trains adapters without a switch: it is told of their rank,
   * called by them, or has a base of which nothing else can be trained.
   */
  private boolean isOwnOfAdapters(boolean quantised) {
    boolean off = isOff() || program.filter(path -> WITHOUT.matcher(path).matches()).isPresent();
    boolean own =
        program
            .filter(path -> rank().isPresent() || quantised || NAMED.matcher(path).matches())
            .isPresent();
    if (own && !off) {
      job.say(
          FindingCode.NOT_FOLLOWED,
          program.orElseThrow(),
          Shown.oneLine(program.orElseThrow())
              + (rank().isPresent()
                  ? " is told of a rank and of no switch: adapters are counted; "
                  : quantised
                      ? " quantises its base: adapters are counted with PEFT's rank of 8; "
                      : " is called by its adapters: they are counted with PEFT's rank of 8; "),
          JobKey.METHOD,
          " and ",
          JobKey.LORA_RANK,
          " say otherwise");
    }
    return own && !off;
  }

  /** Whether a program that is not there is called by the base in four bits that it has. */
  private boolean isCalledQuantised() {
    boolean told = job.any("load_in_bits", BITS, "load_in_4bit", "load_in_8bit").isPresent();
    boolean called =
        !told && program.filter(path -> QUANTISING.matcher(path).matches()).isPresent();
    if (called) {
      job.say(
          FindingCode.NOT_FOLLOWED,
          program.orElseThrow(),
          Shown.oneLine(program.orElseThrow())
              + " is called by a base in 4 bits, which is counted: ",
          JobKey.METHOD,
          " says otherwise");
    }
    return called;
  }

  private boolean isOff() {
    return SWITCHES.stream().anyMatch(job::isOff);
  }

  private Optional<Setting> ofFastChat() {
    boolean quantised =
        job.get("model_name_or_path")
            .filter(model -> QUANTISED.matcher(model.shown()).matches())
            .isPresent();
    return on(OF_FASTCHAT).filter(on -> !isOff() && !quantised);
  }

  private String lora(boolean fourBits) {
    if (job.isOn("use_dora")) {
      return "dora";
    }
    return fourBits ? "qlora" : job.isOn("use_rslora") ? "rslora" : "lora";
  }

  private void frozen(Setting freezes) {
    if (FrozenParameters.BIASES.equals(freezes.node().value())) {
      job.notModelled(JobKey.METHOD, freezes, Gap.of("training of biases alone"));
      return;
    }
    job.say(
        FindingCode.NOT_COUNTED,
        freezes,
        "parameters that the program freezes itself are counted as trained");
  }

  private void full(Optional<Setting> quantised) {
    job.put(JobKey.METHOD, "full");
    job.get(OF_VISION).filter(Setting::bool).ifPresent(on -> FrozenParts.all(job, on));
    job.get(FREEZES_ENCODER)
        .filter(Setting::bool)
        .filter(on -> job.text(JobKey.MODEL_ID).filter(HEARS.asMatchPredicate()).isPresent())
        .ifPresent(
            on -> {
              job.put(JobKey.FROZEN, List.of(FrozenPart.TOWERS), on);
              job.assume(on, on.key() + " is counted: nothing of the encoder is trained");
            });
    job.get(TrainingFile.FREEZES).ifPresent(this::frozen);
    ADAPTER_KEYS.stream()
        .flatMap(key -> job.get(key).stream())
        .filter(setting -> !setting.isIdle())
        .forEach(
            setting ->
                job.say(
                    FindingCode.IGNORED_KEY,
                    setting,
                    setting.key() + " does nothing without use_peft: the whole model is trained"));
    quantised.ifPresent(setting -> job.stops(JobKey.METHOD, setting, Targets.ON_NOTHING_QUANTISED));
  }

  private QuantizationScheme type() {
    return job.any("bnb_4bit_quant_type", "quant_type")
            .filter(s -> s.word().equals("fp4"))
            .isPresent()
        ? QuantizationScheme.FP4
        : QuantizationScheme.NF4;
  }

  private void shape() {
    job.take(named("lora_r", "lora_rank"), JobKey.LORA_RANK);
    job.take("lora_alpha", JobKey.LORA_ALPHA);
    job.take("lora_dropout", JobKey.LORA_DROPOUT);
    job.take("lora_modules_to_save", JobKey.LORA_MODULES_TO_SAVE);
    targets();
    Targets.takeParameters(job, "lora_target_parameters");
    if (job.has(JobKey.QUANTIZATION_SCHEME)) {
      doubled();
      skipped();
      storage();
    }
  }

  /** A list of modules beside the head changes what is stored in few bits, which no key says. */
  private void skipped() {
    job.get(SKIPPED)
        .filter(names -> !names.isNothing())
        .filter(names -> names.isVariable() || !HEADS.containsAll(names.words()))
        .ifPresent(
            names ->
                job.notModelled(
                    JobKey.QUANTIZATION_SCHEME,
                    names,
                    Gap.of(SKIPPED, " ", names.shown())
                        .needs("what of the model stays in 16 bits")
                        .modelled(SKIPPED, " of the head alone, or none")));
  }

  /** LLaVA's and FastChat's programs quantise the scales too, and prepare the base, unasked. */
  private void doubled() {
    Optional<Setting> unasked = ofFastChat().or(() -> job.get(BITS));
    job.any("use_nested_quant", "use_bnb_nested_quant", "double_quant")
        .ifPresentOrElse(
            told ->
                job.reads(List.of(JobKey.DOUBLE_QUANT), () -> job.put(JobKey.DOUBLE_QUANT, told)),
            () -> unasked.ifPresent(from -> job.put(JobKey.DOUBLE_QUANT, true, from)));
    unasked.ifPresent(from -> job.put(JobKey.LORA_KBIT_PREPARE, true, from));
  }

  /**
   * LLaVA's and VLM-R1's programs name all linear layers of the language model themselves
   * (find_all_linear_names of llava/train/train.py and open_r1/trainer/grpo_trainer.py).
   */
  private void targets() {
    Optional<Setting> stated = job.get(named("lora_target_modules", "target_modules"));
    Optional<Setting> found = on("lora_enable").filter(on -> stated.isEmpty());
    Targets.take(job, stated, "lora_target_parameters");
    found
        .or(() -> on(OF_VISION).filter(on -> stated.isEmpty()))
        .ifPresent(on -> job.put(JobKey.LORA_TARGETS, List.of("all-linear"), on));
    found
        .or(() -> on(OF_VISION))
        .filter(on -> !job.isOn("vision_lora"))
        .ifPresent(on -> FrozenParts.all(job, on));
  }

  /** TRL's name, or the one that programs of others have. */
  private String named(String own, String others) {
    return job.get(own).isPresent() || job.get(others).isEmpty() ? own : others;
  }

  private void storage() {
    boolean fsdp = job.is(JobKey.STRATEGY, "fsdp1") || job.is(JobKey.STRATEGY, "fsdp2");
    boolean coverage =
        job.get("bnb_4bit_quant_storage")
            .or(() -> job.get("bnb_4bit_quant_storage_dtype"))
            .isPresent();
    if (fsdp && !coverage && !job.is(JobKey.QUANTIZATION_SCHEME, "int8")) {
      job.say(
          FindingCode.NOT_COUNTED,
          "bnb_4bit_quant_storage",
          "without bnb_4bit_quant_storage FSDP does not divide the 4-bit base: each GPU holds all"
              + " of it, which is counted as divided");
    }
  }

  /** Programs that began as Llama2-Chinese's finetune_clm_lora.py, or as LLaVA's. */
  private Optional<Setting> width(String bits) {
    return job.any("load_in_bits", BITS).filter(width -> width.shown().equals(bits));
  }

  private Optional<Setting> on(String... keys) {
    for (String key : keys) {
      if (job.isOn(key)) {
        return job.get(key);
      }
    }
    return Optional.empty();
  }
}
