package dev.vramcast.formats.training.unsloth;

import dev.vramcast.core.input.Gap;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.ConfigReader;
import dev.vramcast.formats.training.FormatName;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.KeyTable;
import dev.vramcast.formats.training.Reading;
import dev.vramcast.formats.training.Recognition;
import dev.vramcast.formats.training.SiblingFiles;
import dev.vramcast.formats.training.run.InstalledVersions;
import dev.vramcast.formats.training.run.OwnTrainer;
import dev.vramcast.formats.training.run.RunArguments;
import dev.vramcast.formats.training.run.TokenizedRows;
import dev.vramcast.formats.training.text.TrainingFile;
import dev.vramcast.formats.training.text.TrainingFile.Form;
import dev.vramcast.formats.training.trainer.Checkpoints;
import dev.vramcast.formats.training.trainer.DataSets;
import dev.vramcast.formats.training.trainer.Evaluations;
import dev.vramcast.formats.training.trainer.StageArguments;
import dev.vramcast.formats.training.trainer.StageNames;
import dev.vramcast.formats.training.trainer.TrainerStep;
import dev.vramcast.formats.training.trl.TrlReader;
import dev.vramcast.input.tree.Mark;
import dev.vramcast.input.tree.Node;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Unsloth: a Python program that loads, adapts and trains a model on one GPU. */
public final class UnslothReader implements ConfigReader {

  private static final KeyTable KEYS =
      KeyTable.of(UnslothReader.class, "keys.tsv").over(TrlReader.KEYS);

  /** Stages by the classes of their trainers; a program with several means the first of these. */
  private static final Map<String, String> STAGES = stages();

  /** Arguments that no stage has for itself. */
  private static final List<String> CONFIGS =
      List.of("UnslothTrainingArguments", "Seq2SeqTrainingArguments", "TrainingArguments");

  private static final List<String> TRAINERS = List.of("SFTTrainer", "UnslothTrainer", "Trainer");

  private static Map<String, String> stages() {
    Map<String, String> stages = new LinkedHashMap<>();
    stages.put("GRPO", "grpo");
    stages.put("OnlineDPO", "online_dpo");
    stages.put("DPO", "dpo");
    stages.put("ORPO", "orpo");
    stages.put("KTO", "kto");
    stages.put("CPO", "cpo");
    stages.put("BCO", "bco");
    stages.put("RLOO", "rloo");
    stages.put("PPO", "ppo");
    stages.put("GKD", "gkd");
    stages.put("Reward", "reward");
    stages.put("PRM", "prm");
    stages.put("SentenceTransformer", "embedding");
    return stages;
  }

  /** Beside none of these, a program's own {@code backward} is all that trains. */
  private static final Pattern OF_TRAINER =
      Pattern.compile("(?!BitsAndBytes|Lora)[A-Z]\\w*(?:Trainer|Config|Arguments)");

  private static final Pattern TRAINER = Pattern.compile("\\w*Trainer");

  private static final Pattern ON_APPLE = Pattern.compile("\\s*(?:from|import)\\s+mlx_tune\\b");

  @Override
  public FormatName name() {
    return FormatName.UNSLOTH;
  }

  @Override
  public KeyTable keys() {
    return KEYS;
  }

  @Override
  public Recognition recognises(TrainingFile file) {
    boolean steps =
        file.has("backward")
            && file.root().fields().keySet().stream().noneMatch(OF_TRAINER.asMatchPredicate());
    boolean one = file.form() == Form.PROGRAM && file.has("from_pretrained") && !steps;
    boolean told = CommandLine.isScript(file) || CommandLine.isStudio(file);
    return told ? new Recognition(16) : one ? new Recognition(10) : Recognition.NONE;
  }

  @Override
  public Reading read(TrainingFile written, SiblingFiles siblings) {
    TrainingFile given = CommandLine.calls(written);
    TrainingFile file = flat(given);
    JobBuilder job = new JobBuilder(file, KEYS);
    job.put(JobKey.FRAMEWORK_NAME, name().label());
    job.put(JobKey.GPU_COUNT, 1);
    new Model(job, given.root().fields().keySet().stream().anyMatch(TRAINER.asMatchPredicate()))
        .read();
    onApple(job, given);
    Adapted.apart(job, given);
    quantisedTraining(job);
    Checkpoints.read(job);
    TrainerStep step = new TrainerStep(job);
    step.read();
    step.batchDefault();
    new Step(job).read();
    stage(job, given);
    Evaluations.read(job);
    RunArguments.read(job);
    InstalledVersions.read(job, given, "unsloth");
    OwnTrainer.say(job, given);
    new Export(job, given).read();
    return job.done(name());
  }

  /** mlx-tune has Unsloth's calls for Apple silicon. */
  private static void onApple(JobBuilder job, TrainingFile program) {
    boolean mlx =
        program.lines().stream()
            .anyMatch(line -> ON_APPLE.matcher(String.valueOf(line.value())).lookingAt());
    if (mlx) {
      job.notModelled(
          JobKey.FRAMEWORK_NAME,
          Gap.of("training by mlx-tune on Apple silicon")
              .needs("what MLX keeps in unified memory, and when it frees it")
              .modelled(JobKey.FRAMEWORK_NAME, " of what would train the same on a GPU"));
    }
  }

  /**
   * unsloth/models/_utils.py _prepare_model_for_qat: linears that round as torchao's schemes do.
   */
  private static void quantisedTraining(JobBuilder job) {
    job.any("get_peft_model.qat_scheme", "from_pretrained.qat_scheme")
        .ifPresent(
            scheme ->
                job.notModelled(
                    JobKey.TRAINING_SCHEME,
                    scheme,
                    Gap.of("qat_scheme ", scheme.shown(), " (how linears round their weights)")));
  }

  /** The arguments of the Trainer as keys, beside the calls that load and adapt the model. */
  private static TrainingFile flat(TrainingFile file) {
    Map<String, Node> keys = new LinkedHashMap<>();
    file.node("from_pretrained").ifPresent(said -> keys.put("from_pretrained", said));
    Adapted.in(file).ifPresent(said -> keys.put(Adapted.CALL, said));
    List<String> own =
        staged(file)
            .map(name -> List.of(name + "Config", name + "TrainingArguments", name + "Trainer"))
            .orElse(List.of("SFTConfig"));
    Stream.of(own, CONFIGS, TRAINERS)
        .flatMap(List::stream)
        .flatMap(call -> file.node(call).stream())
        .filter(Node.Fields.class::isInstance)
        .map(Node.Fields.class::cast)
        .forEach(call -> call.fields().forEach(keys::putIfAbsent));
    keys.keySet().removeIf(key -> key.matches("\\d+"));
    TokenizedRows.padded(file, keys);
    DataSets.named(file).ifPresent(name -> keys.putIfAbsent(DataSets.KEY, name));
    return file.withRoot(new Node.Fields(keys, Mark.of(1)));
  }

  /** The beginning of the names of the classes that a stage has for itself. */
  private static Optional<String> staged(TrainingFile file) {
    return STAGES.keySet().stream()
        .filter(
            name -> file.count(name + "Config", name + "Trainer", name + "TrainingArguments") > 0)
        .findFirst();
  }

  private static void stage(JobBuilder job, TrainingFile file) {
    if (staged(file).isEmpty()) {
      StageNames.ofClass(job, "from_pretrained." + TrainingFile.LOADER);
    }
    staged(file)
        .ifPresent(
            name -> {
              StageNames.read(job, Objects.requireNonNull(STAGES.get(name)));
              StageArguments.read(job);
              new Generation(job, file).read();
            });
  }
}
