package dev.vramcast.formats.training.nemorl;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.Setting;
import dev.vramcast.formats.training.rl.Engine;
import dev.vramcast.formats.training.rl.Nodes;
import dev.vramcast.formats.training.rl.PromptBatch;
import dev.vramcast.formats.training.run.RunLength;
import dev.vramcast.formats.training.text.TrainingFile;
import dev.vramcast.formats.training.trainer.StageNames;
import dev.vramcast.input.tree.Mark;
import dev.vramcast.input.tree.Node;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** The stage, which the section of its settings names, and the engine beside it. */
final class Algorithm {

  private static final String GENERATION = "policy.generation.";

  private final JobBuilder job;
  private final TrainingFile file;

  Algorithm(JobBuilder job, TrainingFile file) {
    this.job = job;
    this.file = file;
  }

  void read() {
    stage();
    boolean online = job.is(JobKey.STAGE, "grpo") || job.is(JobKey.STAGE, "ppo");
    if (job.is(JobKey.STAGE, "dpo")) {
      job.put(JobKey.REFERENCE, job.is(JobKey.METHOD, "lora") ? "adapter-off" : "copy");
      job.take("dpo.reference_policy_kl_penalty", JobKey.BETA);
    }
    if (online) {
      job.reads(List.of(JobKey.REFERENCE), this::reference);
      engine();
    }
    job.reads(List.of(JobKey.GRAD_ACCUM), () -> batches(online));
    job.any("grpo.max_num_steps", "dpo.max_num_steps", "sft.max_num_steps")
        .filter(steps -> !steps.isVariable())
        .ifPresent(end -> RunLength.rounds(job, end));
  }

  private void stage() {
    if (file.has("distillation") || file.has("teacher")) {
      StageNames.read(job, "gkd");
      job.get("teacher.model_name")
          .ifPresent(teacher -> job.put(JobKey.TEACHER, teacher.text(), teacher));
      return;
    }
    for (String section : List.of("ppo", "dpo", "rm", "sft", "grpo")) {
      if (file.has(section)) {
        StageNames.read(job, section);
        return;
      }
    }
    Optional<Setting> defaults = job.get("defaults");
    if (defaults.isPresent()) {
      below(defaults.get());
    } else if (file.has("loss_fn") || file.has("policy.generation")) {
      StageNames.read(job, "grpo");
    }
  }

  /** A recipe that is not there tells its stage by its name, as all of NeMo-RL's do. */
  private void below(Setting defaults) {
    String path = defaults.shown().toLowerCase(Locale.ROOT);
    String name = path.substring(path.lastIndexOf('/') + 1);
    String stage =
        Stream.of("grpo", "dapo", "gdpo", "dpo", "sft", "ppo", "distillation")
            .filter(name::contains)
            .findFirst()
            .orElse(name);
    boolean grouped = stage.equals("dapo") || stage.equals("gdpo");
    StageNames.read(job, defaults, grouped ? "grpo" : stage);
  }

  /** The reference is there unless its weight is 0 (nemo_rl/algorithms/grpo.py setup). */
  private void reference() {
    Optional<Setting> weight = job.get("loss_fn.reference_policy_kl_penalty");
    boolean none = weight.filter(Setting::isIdle).isPresent();
    String source = none ? "none" : job.is(JobKey.METHOD, "lora") ? "adapter-off" : "copy";
    if (weight.isPresent()) {
      job.put(JobKey.REFERENCE, source, weight.get());
      job.put(JobKey.BETA, weight.get());
    } else {
      job.put(JobKey.REFERENCE, source);
    }
  }

  private void engine() {
    Optional<Setting> apart =
        job.get(GENERATION + "colocated.enabled").filter(beside -> !beside.bool());
    Optional<Setting> named = job.get(GENERATION + "backend");
    if (named.filter(setting -> setting.shown().equals("megatron")).isPresent()) {
      job.put(JobKey.ENGINE, "transformers", named.get());
    } else {
      Setting engine =
          named.orElseGet(
              () ->
                  new Setting(
                      job.file(), GENERATION + "backend", new Node.Scalar("vllm", Mark.NONE)));
      Engine.read(job, engine, apart.isEmpty());
      job.take(GENERATION + "vllm_cfg.tensor_parallel_size", JobKey.ENGINE_TENSOR);
      job.take(GENERATION + "vllm_cfg.gpu_memory_utilization", JobKey.ENGINE_FRACTION);
      job.take(GENERATION + "vllm_cfg.max_model_len", JobKey.ENGINE_LENGTH);
      narrow("vllm_cfg.precision", "the engine's weights are counted in 16 bits");
      narrow("vllm_cfg.kv_cache_dtype", "keys and values are counted in 16 bits");
      if (apart.isEmpty()) {
        // nemo_rl/models/generation/vllm/vllm_worker.py sleep: level 1.
        job.put(JobKey.ENGINE_SLEEP, 1);
        job.put(JobKey.OFFLOAD_WHILE_GENERATING, List.of("parameters", "optimizer"));
      } else {
        job.reads(List.of(JobKey.ENGINE_GPUS), () -> gpus(apart.get()));
        job.reads(List.of(JobKey.ENGINE_AHEAD), this::ahead);
      }
    }
    job.take("grpo.num_generations_per_prompt", JobKey.GROUP_SIZE);
    completion();
  }

  /**
   * {@code async_grpo_train}, or {@code async_ppo_train}; a single controller has settings of its
   * own (examples/run_grpo_single_controller.py).
   */
  private void ahead() {
    job.any("grpo.async_grpo.enabled", "ppo.async_ppo.enabled")
        .ifPresent(on -> job.put(JobKey.ENGINE_AHEAD, on.bool(), on));
    job.get("async_rl")
        .filter(section -> !job.is(JobKey.ENGINE_AHEAD, true))
        .ifPresent(
            section ->
                job.say(
                    FindingCode.NOT_COUNTED,
                    section,
                    "a single controller may generate while it trains, of which nothing is counted:"
                        + " generation.ahead says so"));
  }

  /** GPUs of its own: some of each machine, or machines. */
  private void gpus(Setting apart) {
    String section = GENERATION + "colocated.resources.";
    Optional<Setting> each = job.get(section + "gpus_per_node");
    Optional<Setting> nodes = job.get(section + "num_nodes");
    int machine = job.get("cluster.gpus_per_node").map(Setting::whole).orElse(1);
    int own = each.map(Setting::whole).orElse(machine);
    int gpus = nodes.map(machines -> machines.times(own)).orElse(own);
    job.put(JobKey.ENGINE_GPUS, gpus, each.or(() -> nodes).orElse(apart));
    // What the cluster has beyond them trains.
    int rest = Nodes.count(job) - gpus;
    if (rest > 0) {
      job.put(JobKey.GPU_COUNT, rest, each.or(() -> nodes).orElse(apart));
      int machines = (rest + machine - 1) / Math.max(1, machine);
      if (machines > 1 || job.has(JobKey.NODES)) {
        job.put(JobKey.NODES, machines, nodes.or(() -> each).orElse(apart));
      }
    }
  }

  private void completion() {
    Optional<Setting> tokens = job.get(GENERATION + "max_new_tokens");
    int all = job.whole(JobKey.SEQUENCE_LENGTH).orElse(0);
    tokens
        .filter(setting -> !setting.isVariable() && setting.whole() < all)
        .ifPresent(setting -> job.put(JobKey.COMPLETION_LENGTH, setting));
  }

  private void batches(boolean online) {
    long divided = job.product(List.of(JobKey.TENSOR, JobKey.CONTEXT, JobKey.PIPELINE));
    int micro = job.whole(JobKey.MICRO_BATCH).orElse(4);
    long processes = Math.max(1, Nodes.count(job) / divided);
    job.get("policy.train_global_batch_size")
        .ifPresent(samples -> new PromptBatch(processes, 1, micro).update(job, samples));
    if (online) {
      int group = job.whole(JobKey.GROUP_SIZE).orElse(1);
      job.get("grpo.num_prompts_per_step")
          .ifPresent(prompts -> new PromptBatch(processes, group, micro).generation(job, prompts));
    }
  }

  private void narrow(String key, String counted) {
    job.get(GENERATION + key)
        .filter(dtype -> dtype.shown().startsWith("fp8"))
        .ifPresent(dtype -> job.say(FindingCode.NOT_COUNTED, dtype, key, " is fp8: " + counted));
  }
}
