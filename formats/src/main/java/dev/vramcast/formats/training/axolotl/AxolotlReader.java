package dev.vramcast.formats.training.axolotl;

import dev.vramcast.core.input.Gap;
import dev.vramcast.core.input.NearestName;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.ConfigReader;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.FormatName;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.KeyRow;
import dev.vramcast.formats.training.KeyTable;
import dev.vramcast.formats.training.Reading;
import dev.vramcast.formats.training.Recognition;
import dev.vramcast.formats.training.Setting;
import dev.vramcast.formats.training.SiblingFiles;
import dev.vramcast.formats.training.run.ImageSizes;
import dev.vramcast.formats.training.run.OwnSections;
import dev.vramcast.formats.training.run.RunArguments;
import dev.vramcast.formats.training.text.TrainingFile;
import dev.vramcast.formats.training.text.TrainingFile.Form;
import dev.vramcast.formats.training.trainer.Checkpoints;
import dev.vramcast.formats.training.trainer.CpuOptimizer;
import dev.vramcast.formats.training.trainer.Evaluations;
import dev.vramcast.formats.training.trainer.Fsdp;
import dev.vramcast.formats.training.trainer.LauncherOptions;
import dev.vramcast.formats.training.trainer.Optimizers;
import dev.vramcast.formats.training.trainer.StageArguments;
import dev.vramcast.formats.training.trainer.StageNames;
import dev.vramcast.formats.training.trainer.StageTraps;
import dev.vramcast.input.tree.Node;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Axolotl: one flat file that its command line trains from. */
public final class AxolotlReader implements ConfigReader {

  private static final KeyTable KEYS = KeyTable.of(AxolotlReader.class, "keys.tsv");

  /** Keys of a file of which slips are looked for, and letters that one has at least. */
  private static final int MOST_SLIPS = 200;

  private static final int SHORTEST_SLIP = 5;

  @Override
  public FormatName name() {
    return FormatName.AXOLOTL;
  }

  @Override
  public KeyTable keys() {
    return KEYS;
  }

  @Override
  public Recognition recognises(TrainingFile file) {
    boolean named =
        file.node("base_model").filter(model -> !(model instanceof Node.Fields)).isPresent();
    if (file.form() != Form.TREE || !named || isForeign(file)) {
      return Recognition.NONE;
    }
    return new Recognition(
        10 + file.count("datasets", "micro_batch_size", "sequence_len", "adapter", "num_epochs"));
  }

  /**
   * Files of other programs name a base model too: half of their keys are none of Axolotl's, which
   * looks for data under other names.
   */
  private static boolean isForeign(TrainingFile file) {
    Set<String> keys = file.root().fields().keySet();
    long known =
        keys.stream().filter(key -> KEYS.row(key).isPresent() || KEYS.isSection(key)).count();
    boolean own = file.count("datasets", "micro_batch_size", "sequence_len", "adapter") > 0;
    // Axolotl has names of its own for most of these, and does nothing with the Trainer's.
    boolean trainer =
        OwnSections.ARGUMENTS.stream().anyMatch(name -> file.has(name) && KEYS.row(name).isEmpty());
    boolean data =
        file.count("datasets", "pretraining_dataset") == 0
            && file.count("data_path", "dataset") > 0;
    return data
        || quantises(file).isPresent()
        || !own && (trainer || 2 * (known + slips(keys)) <= keys.size());
  }

  /**
   * The key by which a file without an adapter quantises in words that Axolotl's own switches have
   * not, which quantise nothing so; empty where there is none.
   */
  public static Optional<String> quantises(TrainingFile file) {
    return file.root().fields().keySet().stream()
        .filter(key -> file.has("base_model") && !file.has("adapter"))
        .filter(key -> key.startsWith("bnb_4bit_"))
        .findFirst();
  }

  /** How many keys are Axolotl's but for a slip of the finger. */
  private static long slips(Set<String> keys) {
    List<String> names = KEYS.rows().stream().map(KeyRow::path).toList();
    return keys.stream()
        .limit(MOST_SLIPS)
        .filter(key -> KEYS.row(key).isEmpty() && !KEYS.isSection(key))
        .filter(key -> key.length() >= SHORTEST_SLIP && NearestName.slip(key, names).isPresent())
        .count();
  }

  @Override
  public Reading read(TrainingFile file, SiblingFiles siblings) {
    JobBuilder job = new JobBuilder(file, KEYS);
    job.put(JobKey.FRAMEWORK_NAME, name().label());
    if (file.command().isPresent()) {
      new LauncherOptions(job, file).read();
    }
    new Spread(job, siblings).read();
    new Adapters(job).read();
    Merging.read(job, file);
    job.reads(List.of(JobKey.SAVED_STATE), () -> saved(job));
    Checkpoints.read(job);
    new Step(job).read();
    new Kernels(job).read();
    job.reads(List.of(JobKey.OPTIMIZER_NAME), () -> optimizer(job));
    CpuOptimizer.settle(job);
    job.reads(List.of(JobKey.EPOCHS), () -> length(job));
    stage(job);
    job.reads(List.of(JobKey.EVALUATION_BATCHES), () -> evaluation(job));
    RunArguments.read(job);
    // src/axolotl/processing_strategies.py: a number is the side that images are filled up to.
    ImageSizes.ofSides(job, "image_size");
    job.get("processor_type").ifPresent(processor -> ImageSizes.sayUntold(job, processor));
    job.reads(List.of(JobKey.SAVE_STRATEGY), () -> saves(job));
    return job.done(name());
  }

  /** core/builders/base.py _configure_save_and_eval_strategy: rows for it, and when. */
  private static void evaluation(JobBuilder job) {
    boolean rows =
        job.get("val_set_size").filter(size -> size.number().signum() > 0).isPresent()
            || job.get("test_datasets").filter(sets -> !sets.isIdle()).isPresent();
    Optional<Setting> when =
        job.get("eval_steps")
            .or(() -> job.get("evals_per_epoch"))
            .filter(often -> often.number().signum() > 0)
            .or(() -> job.get("eval_strategy").filter(Evaluations::asks));
    if (rows) {
      when.ifPresent(at -> Evaluations.put(job, at, "eval_batch_size"));
    } else {
      when.filter(at -> !at.key().equals("evals_per_epoch")).ifPresent(at -> withoutRows(job, at));
    }
  }

  /** utils/schemas/validation.py check_evals; without the key nothing is evaluated. */
  private static void withoutRows(JobBuilder job, Setting at) {
    boolean zero = job.get("val_set_size").isPresent();
    job.say(
        zero ? FindingCode.REFUSED : FindingCode.IGNORED_KEY,
        at,
        at.key()
            + (zero
                ? " is refused with val_set_size 0 and without test_datasets"
                : " does nothing without val_set_size and test_datasets"));
  }

  /** core/builders/base.py _configure_save_and_eval_strategy: a share of all steps. */
  private static void saves(JobBuilder job) {
    job.get("saves_per_epoch")
        .ifPresent(
            often -> {
              if (often.number().compareTo(BigDecimal.ONE) == 0) {
                job.put(JobKey.SAVE_STRATEGY, "epoch", often);
              } else {
                job.say(
                    FindingCode.NOT_COUNTED,
                    often,
                    "saves_per_epoch is ",
                    often.shown(),
                    ": one checkpoint an epoch is counted; ",
                    JobKey.SAVE_INTERVAL,
                    " says how many steps are between two");
              }
            });
  }

  /** core/trainers/ebft/__init__.py EBFTStrategy has two trainers. */
  private static void stage(JobBuilder job, Setting rl) {
    Optional<Setting> ebft = job.get("ebft").filter(section -> rl.word().equals("ebft"));
    Optional<Setting> mode = ebft.flatMap(section -> section.at("mode"));
    if (mode.filter(named -> named.word().equals("strided")).isPresent()) {
      StridedStage.read(job, mode.get());
      return;
    }
    StageNames.read(job, rl, rl.word());
    ebft.flatMap(section -> section.at("use_whitening"))
        .filter(Setting::bool)
        .ifPresent(on -> job.notModelled(JobKey.STAGE, on, Gap.of(on.key(), " of stage ebft")));
    ebft.flatMap(section -> section.at("feature_layers"))
        .filter(layers -> layers.words().size() != 3)
        .ifPresent(
            layers ->
                job.say(
                    FindingCode.NOT_COUNTED, layers, layers.key(), ": three layers are counted"));
  }

  /** utils/schemas/enums.py RLType; a reward model is none of its words. */
  private static void stage(JobBuilder job) {
    job.get("rl").ifPresent(rl -> stage(job, rl));
    switchedOn(job, "reward_model").ifPresent(at -> StageNames.read(job, at, "reward"));
    if (!job.has(JobKey.STAGE)) {
      StageNames.ofClass(job, "model_type");
    }
    job.get("num_labels")
        .filter(labels -> !job.has(JobKey.STAGE))
        .ifPresent(
            labels ->
                job.say(
                    FindingCode.NOT_COUNTED,
                    labels,
                    "num_labels is " + labels.shown() + ": counted as a language model"));
    switchedOn(job, "process_reward_model").ifPresent(at -> StageNames.read(job, at, "prm"));
    switchedOn(job, "kd_trainer")
        .ifPresent(at -> StageNames.read(job, at, "distillation without a named teacher"));
    if (!job.has(JobKey.STAGE)) {
      return;
    }
    StageArguments.read(job, "trl.");
    if (job.is(JobKey.ENGINE, "vllm-colocate")) {
      job.take("vllm.gpu_memory_utilization", JobKey.ENGINE_FRACTION);
      job.take("vllm.tensor_parallel_size", JobKey.ENGINE_TENSOR);
    }
    if (job.is(JobKey.STAGE, "dpo") || job.is(JobKey.STAGE, "kto")) {
      reference(job);
    }
    StageArguments.read(job, "dpo_");
    if (job.is(JobKey.STAGE, "cpo")) {
      job.take("cpo_alpha", JobKey.LOSS_ALPHA);
    }
    if (!job.is(JobKey.STAGE, "reward")) {
      job.take("rl_beta", JobKey.BETA);
    }
    traps(job);
  }

  private static void traps(JobBuilder job) {
    boolean beside = job.is(JobKey.ENGINE, "vllm-colocate");
    if (beside && job.get("vllm.gpu_memory_utilization").isEmpty()) {
      job.say(
          FindingCode.SURPRISING_DEFAULT,
          "vllm.gpu_memory_utilization",
          "vllm.gpu_memory_utilization is missing: 0.9 is handed on, which leaves a tenth of the"
              + " card to the training");
    }
    if (beside) {
      job.say(
          FindingCode.SURPRISING_DEFAULT,
          "vllm.max_model_len",
          "vllm.max_model_len does not reach an engine beside the policy: it has to hold a sequence"
              + " of the model's whole context, or does not start");
    }
    job.get("dpo_padding_free")
        .filter(Setting::bool)
        .ifPresent(
            at ->
                job.say(
                    FindingCode.IGNORED_KEY,
                    at,
                    "dpo_padding_free does nothing with Axolotl's TRL: pairs are padded"));
    if (job.is(JobKey.STAGE, "grpo")) {
      StageTraps.group(job);
      StageTraps.sleep(job);
    }
  }

  /** core/train.py setup_reference_model: a second model beside adapters where it is asked for. */
  private static void reference(JobBuilder job) {
    switchedOn(job, "precompute_ref_log_probs")
        .ifPresent(on -> job.put(JobKey.REFERENCE, "precomputed", on));
    switchedOn(job, "rl_adapter_ref_model")
        .filter(on -> !job.has(JobKey.REFERENCE))
        .ifPresent(on -> job.put(JobKey.REFERENCE, "copy", on));
  }

  private static Optional<Setting> switchedOn(JobBuilder job, String path) {
    return job.get(path).filter(Setting::bool);
  }

  /** What FSDP writes of a model; of adapters PEFT writes all. */
  private static void saved(JobBuilder job) {
    if (job.get("adapter").filter(kind -> !kind.isIdle()).isEmpty()) {
      job.get("fsdp_config.state_dict_type").ifPresent(type -> Fsdp.saved(job, type));
    }
  }

  private static void optimizer(JobBuilder job) {
    Optional<Setting> optimizer = job.get("optimizer");
    if (optimizer.isEmpty()) {
      return;
    }
    Optimizers.read(job, optimizer.get());
    String name = optimizer.get().word();
    boolean fsdp2 = job.is(JobKey.STRATEGY, "fsdp2");
    if (fsdp2 && (name.equals("adamw_bnb_8bit") || name.equals("adamw_8bit"))) {
      job.say(
          FindingCode.REFUSED,
          optimizer.get(),
          "optimizer " + name + " is refused with FSDP2: adamw_torch_8bit is the way");
    }
    if (job.is(JobKey.STRATEGY, "fsdp1") && name.contains("8bit") && job.has(JobKey.OFFLOAD)) {
      job.say(
          FindingCode.REFUSED,
          optimizer.get(),
          "optimizer " + name + " is refused with FSDP1 that offloads parameters");
    }
  }

  private static void length(JobBuilder job) {
    Optional<Setting> steps = job.get("max_steps").filter(setting -> setting.whole() > 0);
    if (steps.isPresent()) {
      job.put(JobKey.STEPS, steps.get());
    } else {
      job.get("num_epochs").ifPresent(epochs -> job.put(JobKey.EPOCHS, epochs));
    }
  }
}
