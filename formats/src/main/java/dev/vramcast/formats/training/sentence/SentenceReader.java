package dev.vramcast.formats.training.sentence;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.python.module.CutRows;
import dev.vramcast.formats.training.ConfigReader;
import dev.vramcast.formats.training.FormatName;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.KeyTable;
import dev.vramcast.formats.training.Reading;
import dev.vramcast.formats.training.Recognition;
import dev.vramcast.formats.training.SiblingFiles;
import dev.vramcast.formats.training.text.TrainingFile;
import dev.vramcast.formats.training.text.TrainingFile.Form;
import dev.vramcast.formats.training.trainer.StageNames;
import dev.vramcast.formats.training.trainer.TrainerStep;
import dev.vramcast.input.tree.Mark;
import dev.vramcast.input.tree.Node;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Programs that train embeddings or rerankers with sentence-transformers' trainers. */
public final class SentenceReader implements ConfigReader {

  private static final KeyTable KEYS =
      KeyTable.of(SentenceReader.class, "keys.tsv").over(TrainerStep.KEYS);

  private static final List<String> KINDS =
      List.of("SentenceTransformer", "CrossEncoder", "SparseEncoder");

  /** The first words of what {@code SentenceTransformer(...)} loads. */
  private static final List<String> MODEL = List.of("0", "model_name_or_path");

  @Override
  public FormatName name() {
    return FormatName.SENTENCE_TRANSFORMERS;
  }

  @Override
  public KeyTable keys() {
    return KEYS;
  }

  @Override
  public Recognition recognises(TrainingFile file) {
    boolean trains =
        KINDS.stream()
            .flatMap(kind -> Stream.of(kind + "Trainer", kind + "TrainingArguments"))
            .anyMatch(file::has);
    return file.form() == Form.PROGRAM && trains ? new Recognition(8) : Recognition.NONE;
  }

  @Override
  public Reading read(TrainingFile given, SiblingFiles siblings) {
    String kind =
        KINDS.stream()
            .filter(name -> given.has(name + "Trainer") || given.has(name + "TrainingArguments"))
            .findFirst()
            .orElse(KINDS.get(0));
    TrainingFile file = flat(given, kind);
    JobBuilder job = new JobBuilder(file, KEYS);
    job.put(JobKey.FRAMEWORK_NAME, FormatName.SENTENCE_TRANSFORMERS.label());
    job.put(JobKey.METHOD, given.has("LoraConfig") ? "lora" : "full");
    job.take("model_name_or_path", JobKey.MODEL_ID);
    TrainerStep step = new TrainerStep(job);
    step.read();
    step.batchDefault();
    job.reads(List.of(JobKey.PRECISION), step::precision);
    job.reads(List.of(JobKey.CHECKPOINTING), () -> step.checkpointing(false, Optional.empty()));
    job.take("max_seq_length", JobKey.SEQUENCE_LENGTH);
    stage(job, given, kind);
    job.assumeOneGpu();
    return job.done(name());
  }

  private static void stage(JobBuilder job, TrainingFile given, String kind) {
    if (kind.equals("CrossEncoder")) {
      job.unnamedStage(Optional.empty(), "reranker");
    } else if (kind.equals("SparseEncoder")) {
      job.unnamedStage(Optional.empty(), "sparse embedding");
    } else {
      StageNames.read(job, "embedding");
      Losses.read(job, given);
      job.assume(JobKey.TEXTS, "each example is taken to be an anchor and its positive");
    }
  }

  /** The arguments of the Trainer as keys, beside what the model is made of. */
  private static TrainingFile flat(TrainingFile file, String kind) {
    Map<String, Node> keys = new LinkedHashMap<>();
    for (String argument : MODEL) {
      file.node(kind + "." + argument)
          .ifPresent(node -> keys.putIfAbsent("model_name_or_path", node));
    }
    file.node(CutRows.OF_MODEL)
        .or(() -> file.node(kind + ".max_seq_length"))
        .ifPresent(node -> keys.put("max_seq_length", node));
    if (file.node(kind + "TrainingArguments").orElse(null) instanceof Node.Fields arguments) {
      arguments.fields().forEach(keys::putIfAbsent);
    }
    keys.keySet().removeIf(key -> key.matches("\\d+"));
    return file.withRoot(new Node.Fields(keys, Mark.of(1)));
  }
}
