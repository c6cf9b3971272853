package dev.vramcast.formats.training.trl.others;

import dev.vramcast.core.input.Gap;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.QuantizationScheme;
import dev.vramcast.core.job.option.Strategy;
import dev.vramcast.core.units.DataType;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.FormatName;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.KeyTable;
import dev.vramcast.formats.training.Reading;
import dev.vramcast.formats.training.Setting;
import dev.vramcast.formats.training.run.RunLength;
import dev.vramcast.formats.training.text.TrainingFile;
import dev.vramcast.formats.training.text.TrainingFile.Form;
import dev.vramcast.formats.training.trainer.LauncherOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A command of Answer.AI's fsdp_qlora, whose {@code train.py} has a loop of its own. */
public final class FsdpQlora {

  private static final KeyTable KEYS = KeyTable.of(FsdpQlora.class, "fsdp_qlora.tsv");

  private static final String FRAMEWORK = "fsdp_qlora";

  private static final String KIND = "train_type";

  /** Options that its program alone has beside the kind of training. */
  private static final String[] OWN = {
    "context_length", "use_cpu_offload", "use_gradient_checkpointing", "low_memory", "log_to"
  };

  private final JobBuilder job;

  private FsdpQlora(JobBuilder job) {
    this.job = job;
  }

  /** Whether it is a command of that program. */
  public static boolean isOne(TrainingFile file) {
    return file.form() == Form.COMMAND
        && file.has("model_name")
        && file.has(KIND)
        && file.count(OWN) > 0
        && file.command().stream()
            .flatMap(command -> command.words().stream())
            .anyMatch(word -> word.equals("train.py") || word.endsWith("/train.py"));
  }

  /** What the command trains. */
  public static Reading read(TrainingFile file) {
    JobBuilder job = new JobBuilder(file, KEYS);
    job.put(JobKey.FRAMEWORK_NAME, FRAMEWORK);
    FsdpQlora command = new FsdpQlora(job);
    job.take("model_name", JobKey.MODEL_ID);
    new LauncherOptions(job, file, true).read();
    job.get("world_size")
        .filter(gpus -> gpus.number().signum() > 0)
        .ifPresent(gpus -> job.put(JobKey.GPU_COUNT, gpus));
    if (!job.has(JobKey.GPU_COUNT)) {
      job.assumeOneGpu();
    }
    job.reads(List.of(JobKey.METHOD, JobKey.QUANTIZATION_SCHEME), command::method);
    job.take("batch_size", JobKey.MICRO_BATCH);
    job.take("context_length", JobKey.SEQUENCE_LENGTH);
    job.take("gradient_accumulation_steps", JobKey.GRAD_ACCUM);
    job.take("num_epochs", JobKey.EPOCHS);
    // Micro-batches of each epoch, where the data do not end before.
    job.get("max_steps")
        .filter(steps -> steps.number().signum() > 0)
        .ifPresent(end -> RunLength.rounds(job, end));
    job.reads(List.of(JobKey.STRATEGY, JobKey.OFFLOAD), command::spread);
    job.get("use_gradient_checkpointing")
        .ifPresent(on -> job.put(JobKey.CHECKPOINTING, on.bool() ? "full" : "none", on));
    job.take("reentrant_checkpointing", JobKey.CHECKPOINTING_REENTRANT);
    job.reads(List.of(JobKey.PRECISION, JobKey.MODEL_DTYPE), command::precision);
    job.reads(List.of(JobKey.OPTIMIZER_NAME), command::optimizer);
    return job.done(FormatName.TRANSFORMERS);
  }

  private void method() {
    Optional<Setting> kind = job.get(KIND);
    String word = kind.map(Setting::word).orElse("qlora");
    kind.filter(told -> word.startsWith("hqq"))
        .ifPresent(
            told ->
                job.notModelled(
                    JobKey.QUANTIZATION_SCHEME,
                    told,
                    Gap.of("HQQ")
                        .needs("its tensors, and what a layer of it computes with")
                        .modelled(KIND, " of full, lora and qlora")));
    kind.filter(told -> word.endsWith("llama_pro"))
        .ifPresent(
            told ->
                job.notModelled(
                    JobKey.METHOD,
                    told,
                    Gap.of("LLaMA Pro")
                        .needs("the layers that it adds")
                        .modelled(KIND, " of full, lora and qlora")));
    String method =
        switch (word) {
          case "full" -> "full";
          case "lora", "custom_lora", "hqq_lora" -> "lora";
          case "bnb_dora", "hqq_dora" -> "dora";
          default -> "qlora";
        };
    kind.ifPresentOrElse(
        told -> job.put(JobKey.METHOD, method, told), () -> job.put(JobKey.METHOD, method));
    if (word.equals("bnb_dora")) {
      job.put(JobKey.QUANTIZATION_SCHEME, QuantizationScheme.NF4, kind.orElseThrow());
    }
    if (!method.equals("full")) {
      job.take("lora_rank", JobKey.LORA_RANK);
      job.take("lora_alpha", JobKey.LORA_ALPHA);
      job.take("lora_dropout", JobKey.LORA_DROPOUT);
      job.get("lora_target_modules")
          .filter(targets -> targets.word().equals("default"))
          .ifPresent(targets -> job.put(JobKey.LORA_TARGETS, List.of("q_proj", "v_proj"), targets));
    }
  }

  /** FSDP shards and offloads unless it is told otherwise. */
  private void spread() {
    if (job.whole(JobKey.GPU_COUNT).orElse(1) < 2) {
      return;
    }
    job.get("sharding_strategy").ifPresent(this::sharding);
    // Until February 2024; later releases have the strategy alone.
    job.get("use_ddp")
        .filter(Setting::bool)
        .ifPresent(on -> job.put(JobKey.STRATEGY, Strategy.DDP, on));
    if (job.is(JobKey.STRATEGY, "ddp")) {
      return;
    }
    job.put(JobKey.STRATEGY, Strategy.FSDP1);
    List<String> offloaded = new ArrayList<>();
    if (!job.isOff("use_cpu_offload")) {
      offloaded.addAll(List.of("parameters", "optimizer"));
    }
    if (job.isOn("use_activation_cpu_offload")) {
      offloaded.add("activations");
    }
    if (!offloaded.isEmpty()) {
      job.put(JobKey.OFFLOAD, offloaded);
    }
  }

  private void sharding(Setting how) {
    switch (how.word()) {
      case "full_shard" -> {}
      case "shard_grad_op" -> job.put(JobKey.RESHARD_AFTER_FORWARD, false, how);
      case "ddp" -> job.put(JobKey.STRATEGY, Strategy.DDP, how);
      case "hybrid_full_shard" -> hybrid(how);
      case "hybrid_shard_grad_op" -> {
        hybrid(how);
        job.put(JobKey.RESHARD_AFTER_FORWARD, false, how);
      }
      default ->
          throw how.unusable(
              "full_shard, shard_grad_op, ddp, hybrid_full_shard, hybrid_shard_grad_op");
    }
  }

  /** FSDP shards within a machine, and each machine holds a copy. */
  private void hybrid(Setting how) {
    Optional<Integer> machines = job.whole(JobKey.NODES);
    if (machines.isPresent()) {
      machines
          .filter(number -> number > 1)
          .ifPresent(number -> job.put(JobKey.REPLICATE, number, how));
    } else if (!job.has(JobKey.REPLICATE)) {
      job.say(
          FindingCode.NOT_COUNTED,
          how,
          how.shown(),
          " shards within a machine, and one is counted: ",
          JobKey.REPLICATE,
          " says how many machines hold a copy");
    }
  }

  /** Plain bf16 or fp32, or either under autocast. */
  private void precision() {
    job.get("precision")
        .ifPresent(
            told -> {
              switch (told.word()) {
                case "fp32" -> job.put(JobKey.PRECISION, "fp32", told);
                case "fp16_autocast" -> job.put(JobKey.PRECISION, "fp16-mixed", told);
                case "bf16_autocast", "bf16_buffers_autocast" ->
                    job.put(JobKey.PRECISION, "bf16-mixed", told);
                default -> job.put(JobKey.PRECISION, "bf16", told);
              }
              if (!told.word().startsWith("bf16") || told.word().equals("bf16_autocast")) {
                job.put(JobKey.MODEL_DTYPE, DataType.FP32, told);
              }
            });
  }

  private void optimizer() {
    job.get("optimizer")
        .ifPresent(
            told -> {
              String word = told.word();
              boolean fused = word.startsWith("fused_");
              switch (fused ? word.substring("fused_".length()) : word) {
                case "adamw" -> job.put(JobKey.OPTIMIZER_NAME, "adamw", told);
                case "sgd" -> job.put(JobKey.OPTIMIZER_NAME, "sgd", told);
                default ->
                    job.say(
                        FindingCode.NOT_COUNTED,
                        told,
                        "optimizer ",
                        told.shown(),
                        " is counted as AdamW, which is the default");
              }
              if (fused) {
                job.put(JobKey.OPTIMIZER_IMPLEMENTATION, "fused", told);
              }
            });
  }
}
