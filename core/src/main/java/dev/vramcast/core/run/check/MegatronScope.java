package dev.vramcast.core.run.check;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.DecoderLayer;
import dev.vramcast.core.architecture.Embedding;
import dev.vramcast.core.architecture.Encoder;
import dev.vramcast.core.architecture.mixer.Attention;
import dev.vramcast.core.architecture.mixer.LatentAttention;
import dev.vramcast.core.architecture.mixer.RecurrentMixer;
import dev.vramcast.core.architecture.mixer.TokenMixer;
import dev.vramcast.core.architecture.mlp.GatedMlp;
import dev.vramcast.core.architecture.mlp.MixtureOfExperts;
import dev.vramcast.core.architecture.mlp.Mlp;
import dev.vramcast.core.architecture.mlp.PlainMlp;
import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.architecture.tensor.Norm;
import dev.vramcast.core.input.Gap;
import dev.vramcast.core.job.AdapterSettings;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.code.FrameworkCode;
import dev.vramcast.core.job.code.LayerCode;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.AttentionKernel;
import dev.vramcast.core.job.option.Checkpointing;
import dev.vramcast.core.job.option.FrozenPart;
import dev.vramcast.core.job.option.LossKernel;
import dev.vramcast.core.job.option.OffloadTarget;
import dev.vramcast.core.job.option.OptimizerName;
import dev.vramcast.core.job.option.Strategy;
import dev.vramcast.core.megatron.layer.Division;
import dev.vramcast.core.module.part.ModulePaths;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Which models and settings are modelled on Megatron-Core. */
public final class MegatronScope {

  private MegatronScope() {}

  static void check(Architecture model, ResolvedJob job) {
    checkJob(job);
    List<String> registered = job.frameworkCode().get(FrameworkCode.REGISTERED);
    require(
        registered.isEmpty() || registered.contains(model.modelType()),
        Gap.of("a ", model.modelType())
            .concerning(JobKey.FRAMEWORK_NAME)
            .needs("a model of that type in the framework's code")
            .modelled(String.join(", ", registered)));
    require(
        model.head().predictsWords() && covers(model),
        Gap.of("a ", model.modelType())
            .needs("layers that are not attention and MLP with one norm before each"));
    checkTowers(model, job);
    job.adapter().ifPresent(adapter -> checkAdapters(model, job, adapter));
    job.objective()
        .valuing()
        .filter(value -> value.architecture().filter(MegatronScope::covers).isEmpty())
        .ifPresent(
            value -> {
              throw Gap.value(JobKey.VALUE_MODEL, value.name())
                  .and(" under ", JobKey.STRATEGY, " ", Strategy.MEGATRON)
                  .refusal();
            });
  }

  private static boolean covers(Architecture model) {
    return model.head().linears().size() == 1
        && model.finalNorm().isPresent()
        && model.embeddings().tokenType().isEmpty()
        && model.embeddings().norm().isEmpty()
        && model.extras().isEmpty()
        && model.distinctLayers().allMatch(MegatronScope::covers);
  }

  /** Encoders lie on the first stage, which runs those of Transformers. */
  private static void checkTowers(Architecture model, ResolvedJob job) {
    require(!job.batch().hasSound(), Gap.about(JobKey.AUDIO_SECONDS));
    if (job.batch().hasImages() && !model.towers().isEmpty()) {
      checkImages(model, job);
    }
    boolean adapted =
        job.adapter().isPresent()
            && !job.frozen().contains(FrozenPart.TOWERS)
            && model.towers().stream()
                .flatMap(tower -> tower.linears().stream())
                .anyMatch(targets(job));
    require(
        !adapted,
        Gap.about(JobKey.LORA_TARGETS, " in an encoder").modelled(JobKey.FROZEN, " towers"));
  }

  private static void checkImages(Architecture model, ResolvedJob job) {
    Gap images = Gap.value(JobKey.IMAGES, job.batch().images().count());
    require(
        job.frameworkCode().get(LayerCode.ENCODERS) != LayerCode.Encoders.UNKNOWN,
        images
            .needs("whether the framework runs the encoder of Transformers or one of its own")
            .modelled(JobKey.FRAMEWORK_NAME, " megatron-swift, mcore-adapter"));
    require(
        job.frameworkCode().get(LayerCode.ENCODED_MODELS).contains(model.modelType()),
        images.and(" of a ", model.modelType()).needs("an encoder for it in the framework's code"));
    require(
        job.objective().stage().isSupervised(),
        images.and(" at ", JobKey.STAGE, " ", job.objective().stage()));
    require(
        model
            .encoder()
            .filter(encoder -> encoder.tokens().sight() == Encoder.Sight.NONE)
            .isPresent(),
        images.and(" that see each other"));
  }

  private static void checkJob(ResolvedJob job) {
    boolean plain =
        switch (job.method()) {
          case FULL, LORA, RSLORA -> true;
          case QLORA, DORA, PISSA, OFT, IA3, VERA, LOHA, LOKR, MISS, FREEZE, GALORE -> false;
        };
    require(
        plain && job.quantization().isNone(),
        Gap.value(JobKey.METHOD, job.method())
            .modelled(JobKey.METHOD, " full, lora, rslora, without quantisation"));
    require(
        job.optimizer().name() == OptimizerName.ADAMW
            || job.optimizer().name() == OptimizerName.SGD,
        Gap.value(JobKey.OPTIMIZER_NAME, job.optimizer().name())
            .modelled(JobKey.OPTIMIZER_NAME, " adamw, sgd"));
    require(
        job.loss() == LossKernel.FULL || job.loss() == LossKernel.TRITON,
        Gap.value(JobKey.LOSS, job.loss())
            .modelled(JobKey.LOSS, " full (vocabulary-parallel), triton (TransformerEngine's)"));
    require(
        job.attention() != AttentionKernel.EAGER,
        Gap.value(JobKey.ATTENTION, job.attention())
            .modelled(JobKey.ATTENTION, " flash, sdpa, flex"));
    require(
        job.checkpointing() != Checkpointing.OFFLOADED,
        Gap.value(JobKey.CHECKPOINTING, job.checkpointing())
            .modelled(JobKey.CHECKPOINTING, " none, full, selective"));
    job.parallelism().offload().stream()
        .filter(target -> target != OffloadTarget.OPTIMIZER)
        .forEach(
            target ->
                require(
                    false,
                    Gap.value(JobKey.OFFLOAD, target.label())
                        .modelled(JobKey.OFFLOAD, " optimizer")));
  }

  /** Adapters stand on the products of attention and MLP (bridge/peft/lora.py, target_modules). */
  private static void checkAdapters(Architecture model, ResolvedJob job, AdapterSettings adapter) {
    List<DecoderLayer> layers = model.distinctLayers().toList();
    require(
        layers.stream().noneMatch(layer -> layer.mixer() instanceof LatentAttention),
        Gap.of("a method with adapters on a ", model.modelType())
            .concerning(JobKey.METHOD)
            .needs("adapters of latent attention")
            .modelled(JobKey.METHOD, " full"));
    int inside = Division.of(job.parallelism()).experts().tensor();
    require(
        inside == 1 || layers.stream().noneMatch(l -> l.mlp() instanceof MixtureOfExperts),
        Gap.about(JobKey.EXPERT_TENSOR, " ", inside)
            .needs("adapters of experts whose features are divided")
            .modelled(JobKey.EXPERT_TENSOR, " 1"));
    ModuleNames names = ModuleNames.of(model);
    boolean outside =
        Stream.concat(
                names.heads().stream().map(Linear::name),
                names.embeddings().stream().map(Embedding::name))
            .anyMatch(path -> ModulePaths.isTarget(path, adapter.targets()));
    require(
        adapter.modulesToSave().isEmpty() && !outside,
        Gap.about(
                adapter.modulesToSave().isEmpty()
                    ? JobKey.LORA_TARGETS
                    : JobKey.LORA_MODULES_TO_SAVE,
                " on embedding and head")
            .modelled(JobKey.LORA_TARGETS, " inside the layers"));
  }

  /** Whether a projection inside the layers is a target. */
  public static Predicate<Linear> targets(ResolvedJob job) {
    AdapterSettings adapter = job.adapter().orElse(null);
    return linear -> adapter != null && ModulePaths.isTarget(linear, adapter);
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
        || mixer instanceof Attention attention
            && !attention.sinks()
            && attention.gate().isEmpty()
            && attention.blocks().isEmpty()
            && !attention.differential()
        || mixer instanceof RecurrentMixer recurrent
            && recurrent.kind() == RecurrentMixer.Kind.GATED_DELTA;
  }

  private static boolean covers(Mlp mlp) {
    return mlp instanceof GatedMlp
        || mlp instanceof PlainMlp plain && plain.others().isEmpty()
        || mlp instanceof MixtureOfExperts mixture && !mixture.expertBias();
  }

  private static boolean covers(Norm norm) {
    return norm.weighted();
  }

  private static void require(boolean holds, Gap otherwise) {
    if (!holds) {
      throw otherwise.and(" under ", JobKey.STRATEGY, " ", Strategy.MEGATRON).refusal();
    }
  }
}
