package dev.vramcast.core.run.check;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.input.Gap;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.job.AdapterSettings;
import dev.vramcast.core.job.NarrowLinears;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.code.LayerCode;
import dev.vramcast.core.job.code.LayerCode.TiledMlp;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.Strategy;
import dev.vramcast.core.module.part.ModulePaths;
import java.util.ArrayList;
import java.util.List;

/** What must hold where MLPs run on pieces of the tokens. */
final class TileChecks {

  private TileChecks() {}

  static void check(Architecture architecture, ResolvedJob job) {
    if (job.mlpTiles().isEmpty()) {
      return;
    }
    checkLength(job);
    checkFreed(job);
    checkScope(architecture, job);
    job.adapter().ifPresent(adapter -> checkReached(architecture, adapter, job));
  }

  private static void checkLength(ResolvedJob job) {
    int tiles = job.mlpTiles().orElseThrow();
    long tokens = job.batch().sequenceLength() / job.parallelism().context();
    if (tiles > tokens) {
      throw InputError.about(JobKey.MLP_TILES)
          .isSet(tiles)
          .but(JobKey.SEQUENCE_LENGTH, " leaves ", tokens, " tokens to a rank")
          .allowed("1 to ", tokens)
          .refusal();
    }
  }

  /**
   * The function is told of no weight, so that its result requires no gradient where its input does
   * not (torch/autograd/function.py): with adapters inside MLPs alone there is no backward pass.
   */
  private static void checkReached(
      Architecture architecture, AdapterSettings adapter, ResolvedJob job) {
    boolean before =
        adapter.allLinear()
            || !adapter.modulesToSave().isEmpty()
            || architecture
                .distinctLayers()
                .flatMap(layer -> layer.mixer().linears().stream())
                .anyMatch(linear -> ModulePaths.isTarget(linear.name(), adapter.targets()));
    if (!before && !job.inputsRequireGrad()) {
      throw InputError.about(JobKey.TILED_MLP)
          .isSet(true)
          .but(JobKey.LORA_TARGETS, " has MLPs alone, whose inputs require no gradient")
          .and(", so that nothing would be trained")
          .allowed("targets in attention too, or ", JobKey.CHECKPOINTING)
          .refusal();
    }
  }

  private static void checkScope(Architecture architecture, ResolvedJob job) {
    List<String> beside = new ArrayList<>();
    if (!architecture.mixtures().isEmpty()) {
      beside.add("of a mixture of experts");
    }
    if (job.batch().hasOthers()) {
      beside.add(job.batch().hasImages() ? "with images" : "with sound");
    }
    if (!job.objective().stage().isSupervised()) {
      beside.add("of a stage that is not supervised");
    }
    if (job.compile()) {
      beside.add("with torch.compile");
    }
    if (job.linears() != NarrowLinears.NONE || job.fakeQuantises()) {
      beside.add("with quantised training");
    }
    if (job.optimizer().inBackward()) {
      beside.add("with a step in the backward pass");
    }
    Strategy strategy = job.parallelism().strategy();
    if (!isModelled(strategy)) {
      beside.add("under " + strategy.label());
    }
    if (job.parallelism().tensor() > 1) {
      beside.add("under tensor parallelism");
    }
    if (!beside.isEmpty()) {
      throw Gap.about(JobKey.TILED_MLP).and(" ", String.join(", ", beside)).refusal();
    }
  }

  /**
   * Axolotl's function divides the parameters of the FSDP2 module around it again once its pieces
   * are through (monkeypatch/tiled_mlp/base.py _defer_fsdp2_reshard), which is the layer's:
   * attention, whose backward pass comes next, finds its weights without storage. It also keeps
   * that module as one of its own MLP, so that {@code model.train()} of a second step would not
   * return.
   */
  private static void checkFreed(ResolvedJob job) {
    if (job.parallelism().strategy() == Strategy.FSDP2
        && job.frameworkCode().get(LayerCode.TILED_MLP) == TiledMlp.SUMMED) {
      throw InputError.about(JobKey.TILED_MLP)
          .isSet(true)
          .but("the function of ", JobKey.FRAMEWORK_NAME, " axolotl frees the weights of the")
          .and(" layer under ", JobKey.STRATEGY, " fsdp2 before attention has its backward pass")
          .allowed("zero1, zero2 or zero3, or ", JobKey.TILED_MLP, " false")
          .refusal();
    }
  }

  /**
   * DDP refuses a gradient that comes twice (torch/csrc/distributed/c10d/reducer.cpp
   * mark_variable_ready).
   */
  private static boolean isModelled(Strategy strategy) {
    return switch (strategy) {
      case NONE, ZERO1, ZERO2, ZERO3, FSDP2 -> true;
      case DDP, FSDP1, MEGATRON -> false;
    };
  }
}
