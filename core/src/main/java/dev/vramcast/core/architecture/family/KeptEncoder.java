package dev.vramcast.core.architecture.family;

import dev.vramcast.core.architecture.Encoder;
import dev.vramcast.core.architecture.LayerRun;
import dev.vramcast.core.architecture.VisionStack;
import dev.vramcast.core.architecture.vision.Projector;
import dev.vramcast.core.input.Gap;
import java.util.List;

/**
 * What runs on images, with what a quantised checkpoint keeps of it in 16 bits marked, as Unsloth's
 * dynamic copies keep {@code visual}; towers of tiles stay as they are.
 */
record KeptEncoder(KeptModules kept) {

  /** The encoder so. */
  Encoder in(Encoder encoder) {
    List<Encoder.Branch> branches =
        encoder.branches().stream()
            .map(each -> new Encoder.Branch(each.layers(), projector(each.projector())))
            .toList();
    return new Encoder(
        stack(encoder.stack()),
        projector(encoder.projector()),
        encoder.grid(),
        encoder.tokens(),
        encoder.joining(),
        encoder.rowEnd(),
        branches,
        encoder.crossing());
  }

  private VisionStack stack(VisionStack stack) {
    VisionStack.Layers layers = stack.layers();
    VisionStack.Unread unread = layers.unread();
    String list = layers.path() + ".";
    int read = layers.read().stream().mapToInt(LayerRun::layerCount).sum();
    List<LayerRun> runs = kept.inTower(layers.read(), list, 0);
    if (runs.size() > 1 && !layers.inner().isEmpty()) {
      throw Gap.of("a tower in 4 bits but for some layers, several of whose states are read")
          .refusal();
    }
    return new VisionStack(
        stack.traits(),
        stack.modelingFile(),
        stack.patches(),
        new VisionStack.Layers(
            layers.path(),
            runs,
            layers.after(),
            new VisionStack.Unread(
                kept.inTower(unread.layers(), list, read), unread.norm(), unread.parameters()),
            layers.byKeyword(),
            layers.inner()),
        stack.pool(),
        stack.text(),
        stack.chunks());
  }

  private Projector projector(Projector projector) {
    if (projector instanceof Projector.Perceptron perceptron) {
      return perceptron(perceptron);
    }
    if (projector instanceof Projector.Halved halved) {
      return new Projector.Halved(
          halved.norm(), kept.inTower(halved.first()), kept.inTower(halved.second()));
    }
    if (projector instanceof Projector.Normed normed) {
      return new Projector.Normed(normed.before(), kept.inTower(normed.linear()), normed.after());
    }
    if (projector instanceof Projector.Resampled resampled) {
      return resampled.with(kept::inTower);
    }
    if (projector instanceof Projector.Twice twice) {
      return new Projector.Twice(perceptron(twice.patches()), perceptron(twice.squares()));
    }
    if (projector instanceof Projector.Framed framed) {
      return new Projector.Framed(
          framed.before(),
          framed.merging(),
          framed.widening(),
          kept.inTower(framed.linear()),
          framed.vectors(),
          framed.after(),
          framed.activation());
    }
    return projector instanceof Projector.Merged merged
        ? new Projector.Merged(
            merged.norm(), kept.inTower(merged.merging()), perceptron(merged.perceptron()))
        : projector;
  }

  private Projector.Perceptron perceptron(Projector.Perceptron perceptron) {
    return new Projector.Perceptron(
        perceptron.norm(),
        kept.inTower(perceptron.linears()),
        perceptron.activation(),
        perceptron.gathering());
  }
}
