package dev.vramcast.formats.training.launch;

import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.Gap;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.SavedState;
import dev.vramcast.core.job.option.Strategy;
import dev.vramcast.formats.shell.ShellCommand;
import dev.vramcast.formats.training.FormatName;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.Recognition;
import dev.vramcast.formats.training.Setting;
import dev.vramcast.formats.training.run.WeightsAlone;
import dev.vramcast.formats.training.text.TrainingFile;
import dev.vramcast.formats.training.trainer.LauncherOptions;
import dev.vramcast.input.tree.Mark;
import dev.vramcast.input.tree.Node;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Commands that make whole weights of ranks' shards by a folder alone: {@code accelerate
 * merge-weights}, DeepSpeed's {@code zero_to_fp32.py}, {@code verl.model_merger} and PyTorch's
 * {@code dcp_to_torch}. Of which model and by how many ranks is for the user to say.
 */
final class JoinedShards {

  static final Recognition SURE = new Recognition(50);

  private static final String OF_ZERO = "zero_to_fp32";
  private static final String OF_VERL = "model_merger";
  private static final String OF_TORCH = "format_utils";

  private JoinedShards() {}

  static boolean areIn(TrainingFile file) {
    return WeightsAlone.word(file).isPresent()
        && file.command()
            .filter(command -> command.environment().containsKey(ShellCommand.JOINS))
            .filter(command -> command.words().stream().noneMatch("axolotl"::equals))
            .isPresent();
  }

  /** Options of such commands say where files are, and nothing of what they take. */
  static TrainingFile withoutOptions(TrainingFile file) {
    return file.withRoot(new Node.Fields(Map.of(), Mark.of(1)));
  }

  static void read(JobBuilder job, TrainingFile file) {
    Setting word = WeightsAlone.word(file).orElseThrow();
    boolean zero = word.text().contains(OF_ZERO);
    WeightsAlone.refuseOthers(job, word, zero);
    boolean verl = word.text().contains(OF_VERL);
    if (word.text().contains(OF_TORCH)) {
      job.reads(List.of(JobKey.FRAMEWORK_NAME), () -> refuseOthers(job, word));
    } else {
      job.put(JobKey.FRAMEWORK_NAME, verl ? "verl-sft" : FormatName.TRANSFORMERS.label());
    }
    LauncherOptions.joined(job, file);
    WeightsAlone.read(job, file);
    job.put(JobKey.METHOD, "full");
    // Shards of mixed precision are in fp32, and most people train so.
    job.put(JobKey.PRECISION, "bf16-mixed");
    job.put(JobKey.SAVED_STATE, SavedState.SHARDED.label());
    if (zero) {
      job.reads(List.of(JobKey.STRATEGY), () -> refuseZero(job, word));
    } else {
      job.put(JobKey.STRATEGY, (verl ? Strategy.FSDP1 : Strategy.FSDP2).label());
    }
    JobBuilder.in(file, "backend")
        .filter(backend -> verl && backend.word().equals(Strategy.MEGATRON.label()))
        .ifPresent(
            backend ->
                job.notModelled(
                    JobKey.CONSOLIDATE,
                    backend,
                    Gap.of("putting Megatron's shards together")
                        .needs("what verl's program loads of them at once")
                        .modelled("--backend fsdp")));
    job.assumeOneGpu();
  }

  /**
   * PyTorch's program takes whatever a folder holds, which the training decides: torchtitan writes
   * weights and states into one, accelerate weights alone, and others what they like.
   */
  private static void refuseOthers(JobBuilder job, Setting word) {
    String titan = FormatName.TORCHTITAN.label();
    Optional<String> wrote = job.told(JobKey.FRAMEWORK_NAME, String.class);
    if (wrote.isEmpty()) {
      throw InputError.of("does not say what wrote the shards, and so whether states are in them")
          .kind(ErrorKind.MISSING)
          .at(word.place())
          .hint("give ", JobKey.FRAMEWORK_NAME, " ", titan)
          .hint("shards of accelerate are put together by accelerate merge-weights")
          .refusal();
    }
    wrote
        .filter(name -> !name.equals(titan))
        .ifPresent(
            name ->
                job.notModelled(
                    JobKey.CONSOLIDATE,
                    word,
                    Gap.of("putting shards of ", name, " together by PyTorch's program")
                        .needs("what stands in them beside weights")
                        .modelled(JobKey.FRAMEWORK_NAME, " ", titan)));
  }

  /** Up to ZeRO-2 all weights are put together at once, under ZeRO-3 one file of them. */
  private static void refuseZero(JobBuilder job, Setting word) {
    if (!job.has(JobKey.STRATEGY)) {
      throw InputError.of("does not say which stage of ZeRO wrote the shards")
          .kind(ErrorKind.MISSING)
          .at(word.place())
          .hint("give ", JobKey.STRATEGY, " zero2 or zero3")
          .refusal();
    }
  }
}
