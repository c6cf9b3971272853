package dev.vramcast.formats.training.openrlhf;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.Setting;
import dev.vramcast.formats.training.rl.Nodes;
import dev.vramcast.formats.training.rl.PromptBatch;
import dev.vramcast.formats.training.run.ExampleLimit;
import dev.vramcast.formats.training.run.RunLength;
import java.util.List;
import java.util.Optional;

/** Lengths and batches, which count samples over all GPUs. */
final class Batches {

  private static final int LENGTH = 2048;
  private static final int TOKENS = 16_192;

  /** openrlhf/cli/train_sft.py. */
  private static final RunLength SUPERVISED = new RunLength("max_epochs", 2);

  /** openrlhf/cli/train_dpo.py, train_rm.py, train_kto.py, train_prm.py and train_kd.py. */
  private static final RunLength OTHERS = new RunLength("max_epochs", 1);

  /** Passes over the prompts (openrlhf/cli/train_ppo_ray.py). */
  private static final RunLength EPISODES = new RunLength("num_episodes", 1);

  private final JobBuilder job;
  private final String program;
  private final boolean online;

  Batches(JobBuilder job, String program, boolean online) {
    this.job = job;
    this.program = program;
    this.online = online;
  }

  void read() {
    job.reads(List.of(JobKey.SEQUENCE_LENGTH), this::length);
    job.reads(List.of(JobKey.MICRO_BATCH), this::microBatch);
    job.reads(List.of(JobKey.GRAD_ACCUM), this::batch);
    ExampleLimit.ofAll(job, "data.max_samples", "max_samples");
  }

  /** Since 0.11 {@code data.max_len} for both; before, a prompt's and a completion's. */
  private void length() {
    Optional<Setting> prompt = job.get("prompt_max_len");
    Optional<Setting> completion = job.any("rollout.max_new_tokens", "generate_max_len");
    Optional<Setting> both = job.any("data.max_len", "max_len");
    if (!online || both.isPresent()) {
      both.ifPresent(setting -> job.put(JobKey.SEQUENCE_LENGTH, setting));
      if (online && job.has(JobKey.STAGE)) {
        completion
            .filter(setting -> both.isPresent() && setting.whole() < both.get().whole())
            .ifPresent(setting -> job.put(JobKey.COMPLETION_LENGTH, setting));
      }
    } else if (job.has(JobKey.STAGE) && prompt.or(() -> completion).isPresent()) {
      int first = prompt.map(Setting::whole).orElse(LENGTH / 2);
      int second = completion.map(Setting::whole).orElse(LENGTH / 2);
      job.put(JobKey.PROMPT_LENGTH, first, prompt.or(() -> completion).orElseThrow());
      job.put(JobKey.COMPLETION_LENGTH, second, completion.or(() -> prompt).orElseThrow());
      job.put(
          JobKey.SEQUENCE_LENGTH,
          Math.addExact(first, second),
          completion.or(() -> prompt).orElseThrow());
    }
  }

  private void microBatch() {
    Optional<Setting> dynamic =
        job.any("train.dynamic_batch_enable", "use_dynamic_batch").filter(Setting::bool);
    if (dynamic.isPresent()) {
      tokens(dynamic.get());
      return;
    }
    job.any("train.micro_batch_size", "micro_train_batch_size")
        .ifPresent(setting -> job.put(JobKey.MICRO_BATCH, setting));
  }

  private void tokens(Setting dynamic) {
    Optional<Setting> most = job.any("train.max_tokens_per_gpu", "train_max_tokens_per_gpu");
    int tokens = most.map(Setting::whole).orElse(TOKENS);
    int filled = tokens / job.whole(JobKey.SEQUENCE_LENGTH).orElse(LENGTH);
    int sequences = Math.max(1, Math.min(filled, updated()));
    job.put(JobKey.MICRO_BATCH, sequences, most.orElse(dynamic));
    job.put(JobKey.PADDING, "packed", dynamic);
    job.say(
        FindingCode.NOT_COUNTED,
        dynamic,
        "micro-batches are filled with "
            + tokens
            + " tokens, counted as "
            + sequences
            + " of full length");
  }

  /** Sequences of an update on one GPU: no micro-batch has more. */
  private int updated() {
    return job.any("train.batch_size", "train_batch_size")
        .map(samples -> new PromptBatch(processes(), 1, 1).each(samples))
        .orElse(Integer.MAX_VALUE);
  }

  private long processes() {
    return Math.max(1, Nodes.count(job) / job.product(List.of(JobKey.CONTEXT, JobKey.TENSOR)));
  }

  private void batch() {
    int micro = job.whole(JobKey.MICRO_BATCH).orElse(online ? 1 : 8);
    long processes = processes();
    job.any("train.batch_size", "train_batch_size")
        .ifPresent(samples -> new PromptBatch(processes, 1, micro).update(job, samples));
    if (!online || !job.has(JobKey.STAGE)) {
      RunLength run = program.equals("sft") ? SUPERVISED : OTHERS;
      run.epochs(job, job.any("train.max_epochs", "max_epochs"));
      return;
    }
    Optional<Setting> group = job.any("rollout.n_samples_per_prompt", "n_samples_per_prompt");
    group.ifPresent(setting -> job.put(JobKey.GROUP_SIZE, setting));
    long samples = group.map(Setting::whole).orElse(1);
    job.any("rollout.batch_size", "rollout_batch_size")
        .ifPresent(prompts -> new PromptBatch(processes, samples, micro).generation(job, prompts));
    job.any("train.max_epochs", "max_epochs").ifPresent(times -> job.put(JobKey.ITERATIONS, times));
    EPISODES.epochs(job, job.any("train.num_episodes", EPISODES.key()));
  }
}
