package dev.vramcast.core.architecture;

import dev.vramcast.core.architecture.tensor.Norm;
import dev.vramcast.core.architecture.tensor.ParameterTensor;
import dev.vramcast.core.architecture.traits.ModelTraits;
import dev.vramcast.core.architecture.vision.PatchEmbedding;
import dev.vramcast.core.architecture.vision.PatchPool;
import dev.vramcast.core.architecture.vision.SoundChunks;
import java.util.List;
import java.util.Optional;

/**
 * A vision transformer: patches and layers, in which every patch of an image sees all others.
 *
 * @param traits what its modeling code does
 * @param pool what follows the layers
 * @param text embeddings of an encoder that reads tokens, which it looks up in the model's table;
 *     empty where there are patches
 * @param chunks what frames of sound run through; empty where there are patches or text
 */
public record VisionStack(
    ModelTraits traits,
    ModelingFile modelingFile,
    PatchEmbedding patches,
    Layers layers,
    Optional<PatchPool> pool,
    Optional<Embeddings> text,
    Optional<SoundChunks> chunks) {

  /**
   * Its layers.
   *
   * @param path of the list of them
   * @param read those whose result is read
   * @param after norm behind the last of these
   * @param byKeyword they are given hidden states by keyword, of which a reentrant checkpoint
   *     returns no gradient
   * @param inner how many of them stand before each of the results in their midst that are read
   *     beside the last one, in order
   */
  public record Layers(
      String path,
      List<LayerRun> read,
      Optional<Norm> after,
      Unread unread,
      boolean byKeyword,
      List<Integer> inner) {

    public Layers {
      read = List.copyOf(read);
      inner = List.copyOf(inner);
    }

    /** The same of which the last so many run unread, and the norm behind them. */
    Layers reading(int lastUnread) {
      LayerRun all = read.get(0);
      List<LayerRun> first = List.of(new LayerRun(all.period(), all.times() - lastUnread));
      List<LayerRun> rest =
          lastUnread == 0 ? List.of() : List.of(new LayerRun(all.period(), lastUnread));
      Unread behind = new Unread(rest, after, unread.parameters());
      return new Layers(path, first, Optional.empty(), behind, byKeyword, inner);
    }
  }

  /** One whose patches enter the projector as its layers leave them. */
  public VisionStack(
      ModelTraits traits,
      ModelingFile modelingFile,
      PatchEmbedding patches,
      String layerPath,
      List<LayerRun> layers,
      Optional<Norm> after,
      Unread unread) {
    this(
        traits,
        modelingFile,
        patches,
        new Layers(layerPath, layers, after, unread, false, List.of()),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  /** The same whose patches are pooled. */
  public VisionStack pooled(PatchPool value) {
    return new VisionStack(traits, modelingFile, patches, layers, Optional.of(value), text, chunks);
  }

  /** The same whose layers are given hidden states by keyword. */
  public VisionStack byKeyword() {
    Layers named =
        new Layers(
            layers.path(), layers.read(), layers.after(), layers.unread(), true, layers.inner());
    return new VisionStack(traits, modelingFile, patches, named, pool, text, chunks);
  }

  /** The same of which results in the midst are read beside the last one. */
  public VisionStack besides(List<Integer> inner) {
    Layers several =
        new Layers(
            layers.path(),
            layers.read(),
            layers.after(),
            layers.unread(),
            layers.byKeyword(),
            inner);
    return new VisionStack(traits, modelingFile, patches, several, pool, text, chunks);
  }

  /** The same on tokens in place of patches. */
  public VisionStack reading(Embeddings value) {
    return new VisionStack(traits, modelingFile, patches, layers, pool, Optional.of(value), chunks);
  }

  /** The same on chunks of sound in place of patches. */
  public VisionStack hearing(SoundChunks value) {
    return new VisionStack(traits, modelingFile, patches, layers, pool, text, Optional.of(value));
  }

  /** Elements that full fine-tuning leaves. */
  long stillCount() {
    return patches.stillCount() + text.map(Embeddings::stillCount).orElse(0L);
  }

  /** Number of its layers whose result is read. */
  public int layerCount() {
    return layers.read().stream().mapToInt(LayerRun::layerCount).sum();
  }

  /**
   * What runs behind the hidden states that the model reads ({@code vision_feature_layer} of
   * LLaVA), and so never has a gradient.
   *
   * @param parameters of what is too small to count
   */
  public record Unread(
      List<LayerRun> layers, Optional<Norm> norm, List<ParameterTensor> parameters) {

    /** Everything is read. */
    public static final Unread NOTHING = new Unread(List.of(), Optional.empty(), List.of());

    public Unread {
      layers = List.copyOf(layers);
      parameters = List.copyOf(parameters);
    }

    public int layerCount() {
      return layers.stream().mapToInt(LayerRun::layerCount).sum();
    }
  }

  /** The same with another way to patches. */
  public VisionStack with(PatchEmbedding other) {
    return new VisionStack(traits, modelingFile, other, layers, pool, text, chunks);
  }

  /** The same whose modeling code does this. */
  public VisionStack with(ModelTraits other) {
    return new VisionStack(other, modelingFile, patches, layers, pool, text, chunks);
  }

  /** The same whose classes are called so, in the folder of another model. */
  public VisionStack of(String folder, String prefix) {
    String type = folder.substring(folder.lastIndexOf('/') + 1);
    ModelingFile file =
        new ModelingFile(
            folder + "/modeling_" + type + ".py",
            prefix,
            modelingFile.layer(),
            modelingFile.mixture());
    return new VisionStack(traits, file, patches, layers, pool, text, chunks);
  }

  /** The same of which the last so many layers run unread, and the norm behind them. */
  public VisionStack reading(int lastUnread) {
    return new VisionStack(
        traits, modelingFile, patches, layers.reading(lastUnread), pool, text, chunks);
  }
}
