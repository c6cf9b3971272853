package dev.vramcast.formats.training.litgpt;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.ConfigReader;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.FormatName;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.KeyTable;
import dev.vramcast.formats.training.Reading;
import dev.vramcast.formats.training.Recognition;
import dev.vramcast.formats.training.Setting;
import dev.vramcast.formats.training.SiblingFiles;
import dev.vramcast.formats.training.run.OwnSections;
import dev.vramcast.formats.training.run.WeightsAlone;
import dev.vramcast.formats.training.text.TrainingFile;
import dev.vramcast.formats.training.text.TrainingFile.Form;
import dev.vramcast.input.tree.Node;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** LitGPT: arguments of {@code litgpt finetune_lora} and its sisters. */
public final class LitGptReader implements ConfigReader {

  private static final KeyTable KEYS = KeyTable.of(LitGptReader.class, "keys.tsv");

  /** Arguments that are objects (litgpt/finetune and litgpt/pretrain.py, setup). */
  private static final Set<String> SECTIONS =
      Set.of("data", "train", "eval", "log", "optimizer", "model_config");

  @Override
  public FormatName name() {
    return FormatName.LITGPT;
  }

  @Override
  public KeyTable keys() {
    return KEYS;
  }

  @Override
  public Recognition recognises(TrainingFile file) {
    boolean command = file.command().filter(found -> found.words().contains("litgpt")).isPresent();
    int told =
        file.count(
            "train.global_batch_size",
            "train.micro_batch_size",
            "train.max_seq_length",
            "lora_query",
            "precision",
            "quantize",
            "data.class_path",
            "devices");
    boolean named = file.has("checkpoint_dir") || file.has("model_name") && file.has("train");
    boolean another = isOfTrainer(file) || hasOtherSections(file);
    boolean one = named && told > 0 && file.form() != Form.PROGRAM && !another;
    return command ? new Recognition(12) : one ? new Recognition(6 + told) : Recognition.NONE;
  }

  /** Settings of another program, which puts adapters or a quantiser into a section of its own. */
  private static boolean hasOtherSections(TrainingFile file) {
    return file.root().fields().entrySet().stream()
        .filter(entry -> !SECTIONS.contains(entry.getKey()))
        .anyMatch(entry -> OwnSections.changesModel(entry.getKey(), entry.getValue()));
  }

  /** Settings of another program, which has arguments of Transformers' Trainer below train. */
  private static boolean isOfTrainer(TrainingFile file) {
    return OwnSections.ARGUMENTS.stream().anyMatch(name -> file.has("train." + name));
  }

  @Override
  public Reading read(TrainingFile file, SiblingFiles siblings) {
    JobBuilder job = new JobBuilder(file, KEYS);
    job.put(JobKey.FRAMEWORK_NAME, name().label());
    job.reads(List.of(JobKey.MODEL_ID), () -> model(job, file));
    job.reads(List.of(JobKey.GPU_COUNT), () -> devices(job));
    new Method(job, file).read();
    new Step(job, pretrains(file)).read();
    WeightsAlone.word(file).ifPresent(word -> merges(job, file, word));
    return job.done(name());
  }

  /** {@code litgpt merge_lora}, which takes adapters of every kind that finetune_lora trains. */
  private static void merges(JobBuilder job, TrainingFile file, Setting word) {
    WeightsAlone.read(job, file);
    job.reads(List.of(JobKey.MERGE), () -> job.put(JobKey.MERGE, true, word));
    job.reads(List.of(JobKey.MODEL_ID), () -> refuseFolder(job, word));
  }

  private static void refuseFolder(JobBuilder job, Setting word) {
    if (job.told(JobKey.MODEL_ID, Object.class).isEmpty()) {
      throw WeightsAlone.ofNoModel(word);
    }
  }

  /** By the command, or by a name in place of the weights that litgpt/finetune starts from. */
  private static boolean pretrains(TrainingFile file) {
    return file.command()
        .map(command -> command.words().contains("pretrain"))
        .orElse(file.has("model_name") && !file.has("checkpoint_dir"));
  }

  /** {@code checkpoints/<organisation>/<name>}, where LitGPT downloads to. */
  private static void model(JobBuilder job, TrainingFile file) {
    Optional<Setting> folder = positional(file).or(() -> job.get("checkpoint_dir"));
    if (folder.isEmpty()) {
      job.take("model_name", JobKey.MODEL_ID);
      return;
    }
    String path = folder.get().text().replaceAll("/+$", "");
    String[] parts = path.split("/");
    boolean downloaded = parts.length >= 3 && parts[parts.length - 3].endsWith("checkpoints");
    job.put(
        JobKey.MODEL_ID,
        downloaded ? parts[parts.length - 2] + "/" + parts[parts.length - 1] : path,
        folder.get());
  }

  /** {@code litgpt finetune_lora MODEL} (litgpt/__main__.py, jsonargparse's positionals). */
  private static Optional<Setting> positional(TrainingFile file) {
    List<String> words = file.command().map(TrainingFile.Command::words).orElse(List.of());
    int program = words.indexOf("litgpt");
    return words.stream()
        .skip(program < 0 ? words.size() : program + 2)
        .filter(word -> !Method.NAMES.contains(word))
        .findFirst()
        .map(word -> new Node.Scalar(word, file.root().mark()))
        .map(node -> new Setting(file.name(), "checkpoint_dir", node));
  }

  private static void devices(JobBuilder job) {
    Optional<Setting> devices = job.get("devices").filter(value -> !value.shown().equals("auto"));
    if (devices.isEmpty()) {
      if (job.get("devices").isPresent()) {
        job.assumeOneGpu();
      } else {
        job.put(JobKey.GPU_COUNT, 1);
        job.say(
            FindingCode.SURPRISING_DEFAULT, "devices", "devices is missing: LitGPT takes one GPU");
      }
      return;
    }
    int nodes = Math.max(1, job.get("num_nodes").map(Setting::whole).orElse(1));
    int count = (int) Math.min(1_000_000, (long) devices.get().whole() * nodes);
    job.put(JobKey.GPU_COUNT, count, devices.get());
    if (nodes > 1) {
      job.put(JobKey.NODES, job.get("num_nodes").orElseThrow());
    }
  }
}
