package dev.vramcast.core.code;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.DecoderLayer;
import dev.vramcast.core.architecture.Head;
import dev.vramcast.core.architecture.LayerRun;
import dev.vramcast.core.architecture.mixer.Attention;
import dev.vramcast.core.architecture.mlp.MixtureOfExperts;
import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.architecture.traits.ModelTraits;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.units.Version;
import java.util.function.UnaryOperator;

/**
 * Names of modules in the modeling code that runs, where they are not those of the checkpoint.
 *
 * @param areOfCheckpoint all of them are
 */
public record RunningNames(boolean areOfCheckpoint, UnaryOperator<String> names) {

  /** Those of a job's Transformers; a framework's own models keep the checkpoint's. */
  public static RunningNames of(ModelTraits traits, ResolvedJob job) {
    Version version = job.framework().transformers();
    boolean same =
        job.frameworkCode().hasOwnModels()
            || traits.source().renamings().stream()
                .noneMatch(each -> each.versions().contains(version));
    return new RunningNames(
        same, same ? UnaryOperator.identity() : path -> traits.named(path, version));
  }

  /** A model with the modules of a job's release, and the names that they have there. */
  public static Architecture in(Architecture whole, ResolvedJob job) {
    RunningNames running = of(whole.traits(), job);
    Version release = job.framework().transformers();
    Architecture model = job.frameworkCode().hasOwnModels() ? whole : released(whole, release);
    return running.areOfCheckpoint()
        ? model
        : model.toBuilder()
            .layers(model.layers().stream().map(running::of).toList())
            .head(running.of(model.head()))
            .build();
  }

  private static Architecture released(Architecture model, Version release) {
    return model.hasLayer(layer -> isOther(layer, release))
        ? model.toBuilder()
            .layers(model.layers().stream().map(run -> released(run, release)).toList())
            .build()
        : model;
  }

  private static boolean isOther(DecoderLayer layer, Version release) {
    return layer.mixer() instanceof Attention attention && attention.borrows().contains(release);
  }

  private static LayerRun released(LayerRun run, Version release) {
    return new LayerRun(
        run.period().stream().map(layer -> released(layer, release)).toList(), run.times());
  }

  private static DecoderLayer released(DecoderLayer layer, Version release) {
    return layer.mixer() instanceof Attention attention
        ? layer.toBuilder().mixer(attention.in(release)).build()
        : layer;
  }

  /** What a module is called whose path in the checkpoint this is. */
  public String of(String path) {
    return names.apply(path);
  }

  private LayerRun of(LayerRun run) {
    return new LayerRun(run.period().stream().map(this::of).toList(), run.times());
  }

  private DecoderLayer of(DecoderLayer layer) {
    return layer.mlp() instanceof MixtureOfExperts mixture
        ? layer.toBuilder().mlp(of(mixture)).build()
        : layer;
  }

  private MixtureOfExperts of(MixtureOfExperts mixture) {
    return mixture.toBuilder()
        .router(of(mixture.router()))
        .names(mixture.names().in(of(mixture.names().block())))
        .build();
  }

  private Head of(Head head) {
    return head.of(head.linears().stream().map(this::of).toList(), head.transform().norm());
  }

  private Linear of(Linear linear) {
    return linear.named(of(linear.name()));
  }
}
