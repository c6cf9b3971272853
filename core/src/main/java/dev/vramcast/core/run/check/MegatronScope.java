package dev.vramcast.core.run.check;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.DecoderLayer;
import dev.vramcast.core.architecture.Embedding;
import dev.vramcast.core.architecture.Head;
import dev.vramcast.core.architecture.mixer.Attention;
import dev.vramcast.core.architecture.mixer.LatentAttention;
import dev.vramcast.core.architecture.mixer.TokenMixer;
import dev.vramcast.core.architecture.mlp.GatedMlp;
import dev.vramcast.core.architecture.mlp.MixtureOfExperts;
import dev.vramcast.core.architecture.mlp.Mlp;
import dev.vramcast.core.architecture.mlp.PlainMlp;
import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.architecture.tensor.Norm;
import dev.vramcast.core.job.AdapterSettings;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.option.AttentionKernel;
import dev.vramcast.core.job.option.Checkpointing;
import dev.vramcast.core.job.option.LossKernel;
import dev.vramcast.core.job.option.OptimizerName;
import dev.vramcast.core.module.part.ModulePaths;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Which models and settings are modelled on Megatron-Core. */
public final class MegatronScope {

  private MegatronScope() {}

  static void check(Architecture model, ResolvedJob job) {
    checkJob(job);
    Head head = model.head();
    require(
        head.predictsWords()
            && head.linears().size() == 1
            && model.finalNorm().isPresent()
            && model.embeddings().position().isEmpty()
            && model.embeddings().norm().isEmpty()
            && model.towers().isEmpty()
            && model.extras().isEmpty()
            && model.layers().stream()
                .flatMap(run -> run.period().stream())
                .allMatch(MegatronScope::covers),
        model.modelType()
            + " is not modelled on Megatron: its layers are not of attention and MLP with one norm"
            + " before each");
    job.adapter().ifPresent(adapter -> checkAdapters(model, adapter));
  }

  private static void checkJob(ResolvedJob job) {
    boolean plain =
        switch (job.method()) {
          case FULL, LORA, RSLORA -> true;
          case QLORA, DORA, PISSA, FREEZE, GALORE -> false;
        };
    require(
        plain && job.quantization().isNone(),
        "method "
            + job.method().label()
            + " is not modelled on Megatron, allowed with parallelism.strategy megatron: full,"
            + " lora, rslora, without quantisation");
    require(
        job.optimizer().name() == OptimizerName.ADAMW
            || job.optimizer().name() == OptimizerName.SGD,
        "optimizer.name "
            + job.optimizer().name().label()
            + " is not modelled on Megatron, allowed with parallelism.strategy megatron: adamw,"
            + " sgd");
    require(
        job.loss() == LossKernel.FULL || job.loss() == LossKernel.TRITON,
        "loss "
            + job.loss().label()
            + " is not modelled on Megatron, allowed with parallelism.strategy megatron: full"
            + " (vocabulary-parallel), triton (TransformerEngine's)");
    require(
        job.attention() != AttentionKernel.EAGER,
        "attention eager is not modelled on Megatron, allowed with parallelism.strategy megatron:"
            + " flash, sdpa, flex");
    require(
        job.checkpointing() != Checkpointing.OFFLOADED,
        "checkpointing offloaded is not modelled on Megatron, allowed with parallelism.strategy"
            + " megatron: none, full, selective");
  }

  /** Adapters stand on the products of attention and MLP (bridge/peft/lora.py, target_modules). */
  private static void checkAdapters(Architecture model, AdapterSettings adapter) {
    boolean everywhere =
        model.layers().stream()
            .flatMap(run -> run.period().stream())
            .allMatch(
                l -> l.mixer() instanceof Attention && !(l.mlp() instanceof MixtureOfExperts));
    require(
        everywhere,
        "adapters on "
            + model.modelType()
            + " are not modelled on Megatron: it has experts or latent attention, allowed: method"
            + " full");
    ModuleNames names = ModuleNames.of(model);
    boolean outside =
        Stream.concat(
                names.heads().stream().map(Linear::name),
                names.embeddings().stream().map(Embedding::name))
            .anyMatch(path -> ModulePaths.isTarget(path, adapter.targets()));
    require(
        adapter.modulesToSave().isEmpty() && !outside,
        "adapters on embedding and head, and lora.modules_to_save, are not modelled on Megatron,"
            + " allowed: targets inside the layers");
  }

  /** Whether a projection inside the layers is a target. */
  public static Predicate<Linear> targets(ResolvedJob job) {
    AdapterSettings adapter = job.adapter().orElse(null);
    return linear ->
        adapter != null
            && (adapter.allLinear() || ModulePaths.isTarget(linear.name(), adapter.targets()));
  }

  private static boolean covers(DecoderLayer layer) {
    return layer.wiring() == DecoderLayer.Wiring.SEQUENTIAL
        && covers(layer.mixer())
        && covers(layer.mlp())
        && layer.beforeMixer().filter(MegatronScope::covers).isPresent()
        && layer.beforeMlp().filter(MegatronScope::covers).isPresent()
        && layer.afterMixer().equals(Optional.empty())
        && layer.afterMlp().equals(Optional.empty())
        && layer.extras().isEmpty();
  }

  private static boolean covers(TokenMixer mixer) {
    return mixer instanceof LatentAttention
        || mixer instanceof Attention attention && !attention.sinks() && !attention.outputGate();
  }

  private static boolean covers(Mlp mlp) {
    return mlp instanceof GatedMlp
        || mlp instanceof PlainMlp
        || mlp instanceof MixtureOfExperts mixture && !mixture.expertBias();
  }

  private static boolean covers(Norm norm) {
    return norm.weighted();
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new UnsupportedJobException(otherwise);
    }
  }
}
