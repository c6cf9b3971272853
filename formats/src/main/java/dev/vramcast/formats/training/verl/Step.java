package dev.vramcast.formats.training.verl;

import static dev.vramcast.formats.training.verl.VerlReader.ACTOR;
import static dev.vramcast.formats.training.verl.VerlReader.MODEL;
import static dev.vramcast.formats.training.verl.VerlReader.ROLLOUT;

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

/** Batches: prompts of a generation, prompts of an update, sequences or tokens of a micro-batch. */
final class Step {

  /** verl/trainer/config/ppo_trainer.yaml. */
  private static final RunLength RUN = new RunLength("trainer.total_epochs", 30);

  private static final int TOKENS = 16_384;
  private static final int LENGTH = 512;

  private final JobBuilder job;

  Step(JobBuilder job) {
    this.job = job;
  }

  void read() {
    job.reads(
        List.of(JobKey.PADDING),
        () ->
            job.get(MODEL + "use_remove_padding")
                .ifPresent(
                    packs -> job.put(JobKey.PADDING, packs.bool() ? "packed" : "padded", packs)));
    job.reads(List.of(JobKey.MICRO_BATCH), this::microBatch);
    scores(ROLLOUT);
    scores("actor_rollout_ref.ref.");
    job.reads(List.of(JobKey.GRAD_ACCUM), this::batches);
    job.take(ACTOR + "ppo_epochs", JobKey.ITERATIONS);
    job.reads(List.of(JobKey.EPOCHS), () -> RUN.readRounds(job, "trainer.total_training_steps"));
    ExampleLimit.ofAll(job, "data.train_max_samples");
  }

  /** Passes over more sequences than a micro-batch has. */
  private void scores(String section) {
    int trained = job.whole(JobKey.MICRO_BATCH).orElse(1);
    job.get(section + "log_prob_micro_batch_size_per_gpu")
        .filter(scored -> !scored.isVariable() && scored.whole() > trained)
        .ifPresent(
            scored ->
                job.say(
                    FindingCode.NOT_COUNTED,
                    scored,
                    scored.key()
                        + " is "
                        + scored.shown()
                        + ": the passes that score completions may hold more than a step"));
  }

  private void microBatch() {
    Optional<Setting> dynamic = job.get(ACTOR + "use_dynamic_bsz").filter(Setting::bool);
    if (dynamic.isPresent()) {
      tokens(dynamic.get());
      return;
    }
    Optional<Setting> each = job.get(ACTOR + "ppo_micro_batch_size_per_gpu");
    Optional<Setting> all = job.get(ACTOR + "ppo_micro_batch_size");
    if (each.isPresent()) {
      job.put(JobKey.MICRO_BATCH, each.get());
    } else if (all.isPresent()) {
      int sequences = Math.max(1, all.get().whole() / processes());
      job.put(JobKey.MICRO_BATCH, sequences, all.get());
    } else {
      job.say(
          FindingCode.REFUSED,
          ACTOR + "ppo_micro_batch_size_per_gpu",
          "ppo_micro_batch_size_per_gpu is missing, which verl refuses without use_dynamic_bsz");
    }
  }

  /** Sequences of full length that the tokens of a micro-batch hold. */
  private void tokens(Setting dynamic) {
    Optional<Setting> most = job.get(ACTOR + "ppo_max_token_len_per_gpu");
    long tokens = (long) most.map(Setting::whole).orElse(TOKENS) * degree();
    long length =
        (long) job.whole(JobKey.PROMPT_LENGTH).orElse(LENGTH)
            + job.whole(JobKey.COMPLETION_LENGTH).orElse(LENGTH);
    long filled = Math.min(tokens / length, updated());
    int sequences = (int) Math.max(1, filled);
    job.put(JobKey.MICRO_BATCH, sequences, most.orElse(dynamic));
    job.assume(
        JobKey.MICRO_BATCH,
        "use_dynamic_bsz fills a micro-batch with "
            + tokens
            + " tokens, which are counted as "
            + sequences
            + (sequences == 1 ? " sequence" : " sequences")
            + " of full length");
  }

  /** Sequences of a mini-batch on one GPU: no micro-batch has more. */
  private long updated() {
    long group = job.get(ROLLOUT + "n").map(Setting::whole).orElse(1);
    return job.get(ACTOR + "ppo_mini_batch_size")
        .map(prompts -> new PromptBatch(processes(), group, 1).each(prompts))
        .orElse(Integer.MAX_VALUE);
  }

  private void batches() {
    int micro = job.whole(JobKey.MICRO_BATCH).orElse(1);
    int group = job.get(ROLLOUT + "n").map(Setting::whole).orElse(1);
    PromptBatch batch = new PromptBatch(processes(), group, micro);
    job.get(ACTOR + "ppo_mini_batch_size").ifPresent(prompts -> batch.update(job, prompts));
    interleaved();
    if (job.has(JobKey.STAGE)) {
      int agents = Rollout.agents(job).map(Setting::whole).orElse(1);
      PromptBatch generated = new PromptBatch(processes(), (long) group * agents, micro);
      job.get("data.train_batch_size").ifPresent(prompts -> generated.generation(job, prompts));
      refuseFewer();
    }
  }

  /** verl/workers/config/actor.py validate; verl-agent counts what all turns of a prompt make. */
  private void refuseFewer() {
    Optional<Setting> updated = job.get(ACTOR + "ppo_mini_batch_size");
    job.get("data.train_batch_size")
        .filter(all -> !job.isOn(ACTOR + "use_dynamic_bsz") && job.get("env.rollout.n").isEmpty())
        .filter(all -> updated.filter(mini -> mini.whole() > all.whole()).isPresent())
        .ifPresent(
            all ->
                job.say(
                    FindingCode.REFUSED,
                    all,
                    "data.train_batch_size is "
                        + all.shown()
                        + ", and verl refuses fewer than ppo_mini_batch_size "
                        + updated.orElseThrow().shown()));
  }

  /** workers/engine/megatron: filled micro-batches are as many as interleaved stages take. */
  private void interleaved() {
    int stages = job.whole(JobKey.PIPELINE).orElse(1);
    int steps = job.whole(JobKey.GRAD_ACCUM).orElse(stages);
    if (job.whole(JobKey.VIRTUAL_PIPELINE).orElse(1) > 1 && steps % stages != 0) {
      int whole = Math.addExact(steps, stages - steps % stages);
      job.get(ACTOR + "use_dynamic_bsz")
          .filter(Setting::bool)
          .ifPresent(dynamic -> job.put(JobKey.GRAD_ACCUM, whole, dynamic));
    }
  }

  private int processes() {
    long divided = job.product(List.of(JobKey.CONTEXT, JobKey.TENSOR, JobKey.PIPELINE));
    return (int) Math.max(1, Nodes.count(job) / divided);
  }

  private int degree() {
    return job.whole(JobKey.CONTEXT).orElse(1);
  }
}
