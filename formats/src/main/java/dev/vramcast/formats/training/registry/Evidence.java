package dev.vramcast.formats.training.registry;

import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.Shown;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.python.module.Imports;
import dev.vramcast.formats.python.module.ModuleLines;
import dev.vramcast.formats.python.module.ModuleParts;
import dev.vramcast.formats.training.Finding;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.Reading;
import dev.vramcast.formats.training.Setting;
import dev.vramcast.formats.training.text.TrainingFile;
import dev.vramcast.formats.training.text.TrainingFile.Form;
import dev.vramcast.input.tree.Mark;
import dev.vramcast.input.tree.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a file says of a job in a place that no reader follows, held against the job that came out:
 * where they contradict each other, the user is told the line.
 */
final class Evidence {

  /** Lines of a kind that are told; who reads one reads on. */
  private static final int MOST = 2;

  /**
   * Words of a kind.
   *
   * @param code by which programs say it
   * @param key by which other files do
   * @param does what such a line does
   * @param counted what is counted in its place
   * @param against whether a job is another one
   */
  private record Words(
      Pattern code, Pattern key, String does, String counted, Predicate<JobDocument> against) {}

  private static final Pattern NO_KEY = Pattern.compile("(?!)");

  private static final String BRINGS_IMAGES = "brings images";

  private static final String NO_IMAGES =
      "none is counted; batch.images says how many a sequence has";

  /** Models that see images; many are trained by texts alone. */
  private static final Words SEES =
      new Words(
          Pattern.compile(
              "\\b(?:AutoModelForImageTextToText|AutoModelForVision2Seq|AutoModelForMultimodalLM"
                  + "|\\w{0,60}(?:VL|V[Ll][Mm]|Llava|PaliGemma|Idefics|Mllama|Llama4|Gemma[34]"
                  + "|Mistral3|Blip|Kosmos|Glm4v|Vision|Florence|Pix2Struct|GotOcr)\\w{0,60}"
                  + "ForConditionalGeneration)\\s*\\.\\s*from_pretrained"),
          NO_KEY,
          BRINGS_IMAGES,
          NO_IMAGES,
          job -> !job.has(JobKey.IMAGES) && !job.has(JobKey.IMAGE_SIZE));

  private static final String QUANTISES = "quantises the model";

  private static final String ADAPTS = "has adapters";

  private static final List<Words> ALL =
      List.of(
          new Words(
              Pattern.compile(
                  "\\bload_in_[48]bit\\s*=\\s*True\\b|\\bprepare_model_for_(?:kbit|int8)_training"
                      + "\\s*\\("),
              Pattern.compile(
                  "(?i)(?:\\w+\\.)*(?:load_in_[48]bit|use_[48]bit\\w*|use_qlora|qlora"
                      + "|quantization_bit|bnb_4bit_quant_type)"),
              QUANTISES,
              "the model is counted as it is",
              job ->
                  !job.has(JobKey.QUANTIZATION_SCHEME)
                      || isOf(job, JobKey.QUANTIZATION_SCHEME, "none")),
          new Words(
              Pattern.compile(
                  "\\b(?:\\w*LoraConfig|get_peft_model|PeftModel\\w*\\s*\\.\\s*from_pretrained)"
                      + "\\s*\\("),
              Pattern.compile(
                  "(?i)(?:\\w+\\.)*(?:use_(?:lora|peft|qlora)|lora|peft|adapter|lora_(?:r|rank))"),
              ADAPTS,
              "the whole model is counted as trained",
              job -> isOf(job, JobKey.METHOD, "full")),
          new Words(
              Pattern.compile(
                  "\\bgradient_checkpointing\\s*=\\s*True\\b"
                      + "|\\bgradient_checkpointing_enable\\s*\\("),
              NO_KEY,
              "recomputes activations",
              "all are counted as kept",
              job -> isOf(job, JobKey.CHECKPOINTING, "none")),
          new Words(
              Pattern.compile("\\b(?:bf16|fp16)\\s*=\\s*True\\b|\\bautocast\\s*\\("),
              NO_KEY,
              "computes in 16 bits",
              "fp32 is counted",
              job -> isOf(job, JobKey.PRECISION, "fp32")),
          new Words(
              Pattern.compile(
                  "\\bprocess_vision_info\\s*\\(|\\bpixel_values\\b|\\bimage_grid_thw\\b"
                      + "|\\bImage\\s*\\.\\s*open\\s*\\(|\\bUnslothVisionDataCollator\\s*\\("),
              NO_KEY,
              BRINGS_IMAGES,
              NO_IMAGES,
              job -> !job.has(JobKey.IMAGES) && !job.has(JobKey.IMAGE_SIZE)),
          SEES,
          new Words(
              Pattern.compile(
                  "\\b(?:FullyShardedDataParallel|fully_shard|deepspeed\\s*\\.\\s*initialize)"
                      + "\\s*\\("),
              NO_KEY,
              "shards the model",
              "no sharding is counted",
              job -> !job.has(JobKey.STRATEGY) || isOf(job, JobKey.STRATEGY, "none", "ddp")));

  /** TRL's trainers by the stage of each, and those of a class that scores. */
  private static final Pattern TRAINER =
      Pattern.compile(
          "\\b(SFT|DPO|KTO|ORPO|CPO|GRPO|RLOO|Reward|GKD|PPO|BCO|PRM|OnlineDPO|XPO|NashMD)Trainer"
              + "\\s*\\(");

  private static final Pattern KNOWN =
      Pattern.compile("(?:SFT|DPO|KTO|ORPO|CPO|GRPO|RLOO|Reward|Seq2Seq|Unsloth)?Trainer");

  /** Classes of arguments, and parsers, whose objects are known or told by a command. */
  private static final Pattern ARGUMENTS =
      Pattern.compile(
          "\\w*TrainingArguments|(?:SFT|DPO|KTO|ORPO|CPO|GRPO|RLOO|Reward)Config|\\w*ArgumentParser"
              + "|TrlParser|get_peft_config|xtuner");

  /** What the lines of a program that trains by images speak of. */
  private static final Pattern IMAGES =
      Pattern.compile(
          "(?i)(?<![a-z])(?:images?|vision|vlm|pictures?|photos?|ocr|llava|pixel_values)(?![a-z])");

  private static final Pattern OWN = Pattern.compile("[A-Z]\\w{0,80}Trainer");

  private static final Pattern LIBRARY =
      Pattern.compile(
          "(?:trl|transformers|accelerate|peft|unsloth|torch|datasets|sentence_transformers|setfit"
              + "|swift|adapters)(?:\\..*)?");

  private Evidence() {}

  /** What a job says of a key, as people write it. */
  static Optional<String> word(JobDocument job, JobKey key) {
    return job.entry(key).map(entry -> String.valueOf(key.kind().plain(entry.value())));
  }

  private static boolean isOf(JobDocument job, JobKey key, String... words) {
    return word(job, key).filter(List.of(words)::contains).isPresent();
  }

  /** A reading with what its file says against it. */
  static Reading held(TrainingFile file, Reading reading) {
    if (!reading.unreadable().isEmpty() || reading.notModelled().isPresent()) {
      return reading;
    }
    Optional<Setting> unseen = arguments(file, reading);
    if (unseen.isPresent()) {
      return reading.withUnreadable(JobKey.MICRO_BATCH, open(unseen.get()));
    }
    List<Finding> findings = new ArrayList<>();
    List<Node.Scalar> code = file.form() == Form.PROGRAM ? RunLines.of(file) : List.of();
    findings.addAll(words(file, code, reading));
    trainers(file, code, reading).ifPresent(findings::add);
    Unfrozen.of(file, code, reading.document()).ifPresent(findings::add);
    if (findings.isEmpty()) {
      return reading;
    }
    findings.addAll(0, reading.findings());
    return reading.with(findings);
  }

  /** A reading with what TRL's program says against it that is read by its options alone. */
  static Reading beside(TrainingFile program, Reading reading) {
    List<Node.Scalar> code = RunLines.of(program);
    List<Finding> said = new ArrayList<>(words(program, code, reading));
    imported(program, code).ifPresent(said::add);
    if (said.isEmpty() || !reading.unreadable().isEmpty() || reading.notModelled().isPresent()) {
      return reading;
    }
    List<Finding> findings = new ArrayList<>(reading.findings());
    findings.addAll(said);
    return reading.with(findings);
  }

  /** A trainer of the program's own modules in the place of TRL's. */
  private static Optional<Finding> imported(TrainingFile program, List<Node.Scalar> code) {
    return Imports.of(ModuleParts.code(ModuleLines.text(program.lines()))).stream()
        .filter(one -> OWN.matcher(one.as()).matches())
        .filter(one -> one.dots() > 0 || !LIBRARY.matcher(one.module()).matches())
        .flatMap(
            one ->
                inCode(program, code, Pattern.compile("\\b" + Pattern.quote(one.as()) + "\\b"))
                    .stream())
        .findFirst()
        .map(
            at ->
                finding(
                    at,
                    Shown.oneLine(at.key()),
                    " is a trainer of another module: what it does is counted as TRL's does it"));
  }

  private static List<Finding> words(TrainingFile file, List<Node.Scalar> code, Reading reading) {
    List<Finding> findings = new ArrayList<>();
    for (Words words : ALL) {
      boolean spoken = !words.equals(SEES) || speaksOfImages(file);
      if (spoken && words.against().test(reading.document())) {
        List<Setting> found =
            file.form() == Form.PROGRAM
                ? inCode(file, code, words.code())
                : inKeys(file, reading, words.key());
        found.stream()
            .filter(at -> !isHeeded(file, words, at.key()))
            .filter(at -> reading.findings().stream().noneMatch(f -> f.key().equals(at.key())))
            .limit(MOST)
            .map(
                at ->
                    finding(
                        at,
                        Shown.oneLine(at.key()),
                        " ",
                        words.does(),
                        " in a place that is not followed: ",
                        words.counted()))
            .forEach(findings::add);
      }
    }
    return findings;
  }

  /** Whether the program makes what its model or its trainer is given None in place of. */
  private static boolean isHeeded(TrainingFile file, Words words, String key) {
    String argument =
        words.does().equals(QUANTISES) && key.startsWith("load_in")
            ? "quantization_config"
            : words.does().equals(ADAPTS) && key.endsWith("LoraConfig") ? "peft_config" : "";
    return file.form() == Form.PROGRAM
        && file.root().fields().values().stream()
            .filter(Node.Fields.class::isInstance)
            .map(call -> ((Node.Fields) call).fields().get(argument))
            .anyMatch(given -> given != null && given.isNull());
  }

  private static boolean speaksOfImages(TrainingFile file) {
    return file.lines().stream()
        .anyMatch(line -> IMAGES.matcher(String.valueOf(line.value())).find());
  }

  private static Finding finding(Setting at, Object... message) {
    return Finding.of(FindingCode.NOT_FOLLOWED, at, message);
  }

  /** What a trainer is told that the program makes in a place which is not followed. */
  private static Optional<Setting> arguments(TrainingFile file, Reading reading) {
    Map<String, Node> calls = file.root().fields();
    boolean shown =
        calls.keySet().stream().anyMatch(call -> ARGUMENTS.matcher(call).matches())
            || reading.document().has(JobKey.MICRO_BATCH);
    return calls.entrySet().stream()
        .filter(call -> file.form() == Form.PROGRAM && !shown)
        .filter(call -> KNOWN.matcher(call.getKey()).matches())
        .flatMap(
            call ->
                Stream.of(".args", ".1")
                    .flatMap(key -> file.node(call.getKey() + key).stream())
                    .filter(args -> String.valueOf(args.value()).matches("(?s)<.*|\\w+\\.\\w.*"))
                    .map(args -> new Setting(file.name(), call.getKey() + ".args", args)))
        .findFirst();
  }

  private static InputError open(Setting arguments) {
    return InputError.of(Shown.oneLine(arguments.key()), " is ", Shown.given(arguments.shown()))
        .and(", which is made in a place that is not followed: nothing of them is known")
        .kind(ErrorKind.MISSING)
        .given(arguments.shown())
        .at(arguments.node().place(arguments.file()));
  }

  /** Trainers of several stages, of which one is counted. */
  private static Optional<Finding> trainers(
      TrainingFile file, List<Node.Scalar> code, Reading reading) {
    String stage = word(reading.document(), JobKey.STAGE).orElse("sft");
    List<Setting> all = inCode(file, code, TRAINER);
    Set<String> own = Set.of(stage.replace("-", ""), "sequenceclassification");
    boolean several = all.stream().map(Setting::key).distinct().count() > 1;
    return all.stream()
        .filter(
            at ->
                several && !own.contains(at.key().replace("Trainer", "").toLowerCase(Locale.ROOT)))
        .findFirst()
        .map(
            other ->
                finding(
                    other,
                    Shown.oneLine(other.key()),
                    " trains too: one of several trainers is counted, stage ",
                    stage));
  }

  private static List<Setting> inCode(TrainingFile file, List<Node.Scalar> code, Pattern words) {
    List<Setting> found = new ArrayList<>();
    for (Node.Scalar line : code) {
      Matcher word = words.matcher(String.valueOf(line.value()));
      if (word.find()) {
        String key = word.group().replaceAll("\\s|\\($", "");
        Mark mark = ModuleLines.at(line, word.start());
        String name = mark.source().isEmpty() ? file.name() : mark.source();
        found.add(new Setting(name, key.replaceAll("=.*", ""), new Node.Scalar(key, mark)));
      }
    }
    return found;
  }

  /** Keys that no reader knows, or options of a program that nobody knows, that are on. */
  private static List<Setting> inKeys(TrainingFile file, Reading reading, Pattern words) {
    List<Setting> found = new ArrayList<>();
    for (Finding finding : reading.findings()) {
      if (finding.code() == FindingCode.UNKNOWN_KEY) {
        file.node(finding.key()).ifPresent(node -> keys(file, finding.key(), node, words, found));
      }
    }
    return found;
  }

  private static void keys(
      TrainingFile file, String path, Node node, Pattern words, List<Setting> found) {
    if (node instanceof Node.Fields fields) {
      for (Map.Entry<String, Node> each : fields.fields().entrySet()) {
        keys(file, path + '.' + each.getKey(), each.getValue(), words, found);
      }
    } else if (words.matcher(path).matches() && isOn(node.value())) {
      found.add(new Setting(file.name(), path, node));
    }
  }

  private static boolean isOn(@Nullable Object value) {
    String text = String.valueOf(value);
    return value != null && !text.matches("(?i)false|no|none|null|0|\\s*|full");
  }
}
