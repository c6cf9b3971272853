package dev.vramcast.formats.write.train.unsloth;

import dev.vramcast.core.job.AdapterSettings;
import dev.vramcast.core.job.Parallelism;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.objective.GenerationEngine;
import dev.vramcast.core.job.objective.Stage;
import dev.vramcast.core.job.option.Checkpointing;
import dev.vramcast.core.job.option.Method;
import dev.vramcast.core.job.option.Padding;
import dev.vramcast.core.job.option.Precision;
import dev.vramcast.core.job.option.QuantizationScheme;
import dev.vramcast.core.job.option.Strategy;
import dev.vramcast.core.units.DataType;
import dev.vramcast.formats.write.PythonText;
import dev.vramcast.formats.write.Start;
import dev.vramcast.formats.write.TrainingFiles;
import dev.vramcast.formats.write.TrainingJob;
import dev.vramcast.formats.write.TrainingWriter;
import dev.vramcast.formats.write.WrittenFile;
import dev.vramcast.formats.write.train.Adapter;
import dev.vramcast.formats.write.train.Carried;
import dev.vramcast.formats.write.train.FileDefaults;
import dev.vramcast.formats.write.train.JobCoverage;
import dev.vramcast.formats.write.train.OutputKeys;
import dev.vramcast.formats.write.train.Torchrun;
import dev.vramcast.formats.write.train.TrainerWords;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A script on Unsloth, as of 2026.10.9; its calls are those of Unsloth's notebooks. */
public final class UnslothWriter implements TrainingWriter {

  private static final String FILE = "unsloth_train.py";

  /** Unsloth's own names: the seven projections of a layer. */
  private static final List<String> PROJECTIONS =
      List.of("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj");

  @Override
  public String name() {
    return "unsloth";
  }

  @Override
  public TrainingFiles write(TrainingJob wanted) {
    JobCoverage coverage = new JobCoverage(name(), name(), wanted, UnslothStage.STAGES);
    Parallelism spread = coverage.job().parallelism();
    boolean many = spread.gpus() > 1;
    checkSpread(coverage);
    StringBuilder script = new StringBuilder();
    if (UnslothStage.standsBy(coverage)) {
      script.append("import os\n\nos.environ[\"UNSLOTH_VLLM_STANDBY\"] = \"1\"\n\n");
    }
    script.append("from unsloth import FastLanguageModel\n");
    // As unsloth-cli.py: every rank loads onto its own GPU.
    script.append(many ? "from unsloth.models.loader_utils import prepare_device_map\n\n" : "\n");
    script.append("from datasets import load_dataset\n");
    String classes = UnslothStage.classes(coverage.stage());
    boolean online = coverage.stage() == Stage.GRPO;
    script.append("from trl import %1$sConfig, %1$sTrainer\n".formatted(classes));
    script.append(online ? "from trl.rewards import accuracy_reward\n\n" : "\n");
    script.append(many ? "device_map, distributed = prepare_device_map()\n" : "");
    String loading = "model, tokenizer = FastLanguageModel.from_pretrained";
    call(script, loading, List.of(), load(coverage), many ? List.of("device_map") : List.of());
    if (coverage.job().adapter().isPresent()) {
      call(script, "model = FastLanguageModel.get_peft_model", List.of("model"), adapter(coverage));
    }
    Optional<Object> validation = Carried.validation(coverage);
    script.append("dataset = ").append(data(coverage));
    validation.ifPresent(
        share ->
            script.append(
                ".train_test_split(test_size=" + PythonText.literal(share) + ", seed=0)"));
    script.append("\n");
    call(script, "arguments = " + classes + "Config", List.of(), arguments(coverage));
    script.append("trainer = " + classes + "Trainer(\n    model=model,\n");
    script.append("    processing_class=tokenizer,\n");
    script.append(online ? "    reward_funcs=[accuracy_reward],\n" : "");
    script.append(
        validation.isPresent()
            ? "    train_dataset=dataset[\"train\"],\n    eval_dataset=dataset[\"test\"],\n"
            : "    train_dataset=dataset,\n");
    script.append("    args=arguments,\n)\ntrainer.train()\n");
    WrittenFile file = new WrittenFile(FILE, WrittenFile.Syntax.HASH, script.toString());
    String command = many ? "torchrun " + Torchrun.options(spread) + " " : "python ";
    return coverage.done(
        List.of(file), Optional.of(new Start(List.of("unsloth==2026.10.9"), command + FILE)));
  }

  /** It trains copies of a model under DDP, and loads an engine on the first GPU. */
  private static void checkSpread(JobCoverage coverage) {
    Strategy strategy = coverage.job().parallelism().strategy();
    if (strategy != Strategy.NONE && strategy != Strategy.DDP) {
      throw coverage.refusal(JobKey.STRATEGY, "none, ddp");
    }
    boolean shares =
        coverage
            .wanted(JobKey.ENGINE, GenerationEngine.class)
            .filter(GenerationEngine.SHARED::equals)
            .isPresent();
    if (shares && coverage.job().parallelism().gpus() > 1) {
      throw coverage.refusal(JobKey.ENGINE, "transformers on several GPUs");
    }
  }

  private static void call(
      StringBuilder script, String function, List<String> names, Map<String, Object> arguments) {
    call(script, function, names, arguments, List.of());
  }

  /**
   * Appends a call.
   *
   * @param passed variables that are handed to parameters of their names
   */
  private static void call(
      StringBuilder script,
      String function,
      List<String> names,
      Map<String, Object> arguments,
      List<String> passed) {
    script.append(function).append("(\n");
    names.forEach(name -> script.append("    ").append(name).append(",\n"));
    arguments.forEach(
        (name, value) ->
            script
                .append("    ")
                .append(name)
                .append('=')
                .append(PythonText.literal(value))
                .append(",\n"));
    passed.forEach(name -> script.append("    %1$s=%1$s,\n".formatted(name)));
    script.append(")\n");
  }

  private static Map<String, Object> load(JobCoverage coverage) {
    ResolvedJob job = coverage.job();
    Map<String, Object> arguments = new LinkedHashMap<>();
    arguments.put("model_name", coverage.model());
    arguments.put("max_seq_length", job.batch().sequenceLength());
    boolean fourBit = Adapter.isFourBit(coverage);
    boolean eightBit = Adapter.isEightBit(coverage);
    arguments.put("load_in_4bit", fourBit);
    arguments.put("load_in_8bit", eightBit);
    arguments.put("full_finetuning", job.adapter().isEmpty());
    coverage.says(JobKey.SEQUENCE_LENGTH, JobKey.METHOD);
    arguments.putAll(UnslothStage.engine(coverage));
    if (fourBit) {
      coverage.settles(JobKey.QUANTIZATION_SCHEME, QuantizationScheme.NF4);
    } else if (eightBit) {
      coverage.says(JobKey.QUANTIZATION_SCHEME);
    } else {
      Adapter.saysCheckpoint(coverage);
    }
    switch (job.method()) {
      case FULL -> arguments.put("use_gradient_checkpointing", checkpointing(coverage));
      case LORA, QLORA, RSLORA -> {}
      case DORA, PISSA, OFT, IA3, VERA, LOHA, LOKR, MISS, FREEZE, GALORE ->
          throw coverage.refusal(JobKey.METHOD, "full, lora, qlora, rslora");
    }
    return arguments;
  }

  private static Map<String, Object> adapter(JobCoverage coverage) {
    Adapter.refuseNone(coverage);
    AdapterSettings settings = Adapter.settings(coverage);
    Map<String, Object> arguments = new LinkedHashMap<>();
    arguments.put("r", settings.rank());
    arguments.put("lora_alpha", OutputKeys.number(settings.alpha()));
    arguments.put("lora_dropout", OutputKeys.number(settings.dropout()));
    List<String> targets = settings.allLinear() ? PROJECTIONS : settings.targets();
    arguments.put("target_modules", targets);
    coverage.says(JobKey.LORA_RANK, JobKey.LORA_ALPHA, JobKey.LORA_DROPOUT);
    coverage.settles(JobKey.LORA_TARGETS, targets);
    List<String> saved = Adapter.modulesToSave(coverage);
    if (!saved.isEmpty()) {
      arguments.put("modules_to_save", saved);
      coverage.says(JobKey.LORA_MODULES_TO_SAVE);
    }
    arguments.put("use_rslora", Adapter.is(coverage, Method.RSLORA));
    arguments.put("use_gradient_checkpointing", checkpointing(coverage));
    return arguments;
  }

  private static Object checkpointing(JobCoverage coverage) {
    Checkpointing checkpointing = coverage.job().checkpointing();
    return switch (checkpointing) {
      case NONE -> {
        coverage.says(JobKey.CHECKPOINTING);
        yield false;
      }
      case FULL, SELECTIVE -> {
        coverage.settles(JobKey.CHECKPOINTING, Checkpointing.FULL);
        yield true;
      }
      case OFFLOADED -> {
        coverage.says(JobKey.CHECKPOINTING);
        yield "unsloth";
      }
    };
  }

  private static String data(JobCoverage coverage) {
    Optional<String> file = coverage.wanted(JobKey.DATA_FILE, String.class);
    coverage.says(JobKey.DATA_FILE);
    FileDefaults.remind(coverage, "learning_rate", "dataset", file);
    String source =
        file.map(path -> loaded("json", path))
            .or(() -> Carried.data(coverage).map(UnslothWriter::loaded))
            .orElseGet(() -> PythonText.literal(FileDefaults.dataSet(coverage.stage())));
    return "load_dataset(" + source + ", split=\"train\")";
  }

  private static String loaded(String data) {
    return Carried.reader(data)
        .map(reader -> loaded(reader, data))
        .orElseGet(() -> PythonText.literal(data));
  }

  private static String loaded(String reader, String file) {
    return PythonText.literal(reader) + ", data_files=" + PythonText.literal(file);
  }

  private static Map<String, Object> arguments(JobCoverage coverage) {
    ResolvedJob job = coverage.job();
    Map<String, Object> arguments = new LinkedHashMap<>();
    boolean staged = coverage.stage() != Stage.SFT;
    boolean packed = !staged && job.batch().padding() == Padding.PACKED;
    if (coverage.stage() != Stage.GRPO) {
      arguments.put("max_length", job.batch().sequenceLength());
    }
    if (staged) {
      arguments.putAll(UnslothStage.arguments(coverage));
    } else {
      arguments.put("packing", packed);
    }
    coverage.settles(JobKey.PADDING, packed ? Padding.PACKED : Padding.LONGEST);
    int micro = UnslothStage.microBatch(coverage);
    arguments.put("per_device_train_batch_size", micro);
    arguments.put("gradient_accumulation_steps", job.batch().gradAccum());
    coverage.says(JobKey.GRAD_ACCUM);
    coverage.settles(JobKey.MICRO_BATCH, micro);
    OutputKeys optimizer = new OutputKeys();
    TrainerWords.optimizer(coverage, optimizer, "optim");
    arguments.putAll(optimizer.values());
    // Without either of them Unsloth turns on what the GPU knows.
    boolean half = job.computeDtype() == DataType.FP16;
    arguments.put("bf16", !half);
    arguments.put("fp16", half);
    coverage.settles(JobKey.PRECISION, half ? Precision.FP16_MIXED : Precision.BF16_MIXED);
    arguments.put("num_train_epochs", OutputKeys.number(FileDefaults.epochs(coverage)));
    FileDefaults.steps(coverage).ifPresent(steps -> arguments.put("max_steps", steps));
    arguments.put("learning_rate", OutputKeys.number(FileDefaults.learningRate(job)));
    arguments.put("output_dir", FileDefaults.OUTPUT);
    arguments.put("report_to", "none");
    if (job.parallelism().gpus() > 1) {
      arguments.put("ddp_find_unused_parameters", false);
    }
    OutputKeys carried = new OutputKeys();
    Carried.into(coverage, carried);
    carried
        .values()
        .forEach(
            (key, value) -> {
              if (!key.equals("dataset_name")) {
                arguments.put(key, value);
              }
            });
    return arguments;
  }
}
