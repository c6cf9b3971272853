package dev.vramcast.core.architecture.family.vision;

import dev.vramcast.core.architecture.vision.ConvNet;
import dev.vramcast.core.architecture.vision.ConvNet.Attending;
import dev.vramcast.core.architecture.vision.ConvNet.Block;
import dev.vramcast.core.architecture.vision.ConvNet.Chain;
import dev.vramcast.core.architecture.vision.ConvNet.Shortening;
import dev.vramcast.core.architecture.vision.ConvNet.Stage;
import dev.vramcast.core.architecture.vision.ConvNet.Step;
import dev.vramcast.core.architecture.vision.ConvNet.Window;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * timm's {@code mobilenetv5_300m_enc}, which no config key changes (timm models/mobilenetv5.py
 * _gen_mobilenet_v5; _efficientnet_blocks.py EdgeResidual, UniversalInvertedResidual,
 * MobileAttention).
 */
final class MobileNetV5 {

  /** Pixels of a side, by the preprocessor_config.json of Gemma 3n's checkpoints. */
  private static final int SIDE = 768;

  private static final int CELLS = 16;
  private static final int OUT = 2048;

  private final String path;
  private int side;
  private int features;

  private MobileNetV5(String path) {
    this.path = path;
  }

  /** The network below that path. */
  static ConvNet read(String path) {
    return new MobileNetV5(path).net();
  }

  private ConvNet net() {
    side = SIDE;
    features = 3;
    Step stem = step(path + ".conv_stem.conv", path + ".conv_stem.bn", 64, 3, 2, 1, true, true);
    List<Stage> stages =
        List.of(
            new Stage(edges(), false),
            new Stage(inverted(), false),
            new Stage(shortened(), true),
            new Stage(whole(), true));
    int wide = stages.get(2).out() + stages.get(3).out();
    side = 2 * side;
    features = wide;
    Chain fusion = inverted(path + ".msfa.ffn", 0, 0, 1, 2, OUT, false);
    return new ConvNet(SIDE, stem, stages, fusion, CELLS, path + ".msfa.norm");
  }

  private String block(int stage, int index) {
    return path + ".blocks." + stage + "." + index;
  }

  private List<Block> edges() {
    List<Block> all = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      all.add(edge(block(0, i), i == 0 ? 2 : 1, 128));
    }
    return all;
  }

  private List<Block> inverted() {
    List<Block> all = new ArrayList<>();
    all.add(inverted(block(1, 0), 3, 5, 2, 6, 256, true));
    for (int i = 1; i < 5; i++) {
      all.add(inverted(block(1, i), i % 2 == 1 ? 5 : 3, 0, 1, 4, 256, true));
    }
    return all;
  }

  private List<Block> shortened() {
    List<Block> all = new ArrayList<>();
    all.add(inverted(block(2, 0), 5, 5, 2, 6, 640, true));
    for (int i = 1; i < 8; i++) {
      all.add(inverted(block(2, i), 5, 0, 1, 4, 640, true));
    }
    all.add(inverted(block(2, 8), 0, 0, 1, 1, 640, true));
    for (int i = 9; i < 37; i += 2) {
      all.add(attending(block(2, i), 12, 64, true));
      all.add(inverted(block(2, i + 1), 0, 0, 1, 2, 640, true));
    }
    return all;
  }

  private List<Block> whole() {
    List<Block> all = new ArrayList<>();
    all.add(inverted(block(3, 0), 5, 5, 2, 6, 1280, true));
    for (int i = 1; i < 39; i += 2) {
      all.add(attending(block(3, i), 16, 96, false));
      all.add(inverted(block(3, i + 1), 0, 0, 1, 2, 1280, true));
    }
    return all;
  }

  private Chain edge(String name, int stride, int out) {
    boolean adds = stride == 1 && features == out;
    List<Step> steps =
        List.of(
            step(name + ".conv_exp", name + ".bn1", 4 * features, 3, stride, 1, false, true),
            step(name + ".conv_pwl", name + ".bn2", out, 1, 1, 1, false, false));
    return new Chain(steps, Optional.empty(), adds, false);
  }

  /**
   * A block that widens features between convolutions over single ones.
   *
   * @param start kernel of that before; 0 where there is none
   * @param mid kernel of that between, which has the stride then
   * @param times features there are more between
   * @param inStage it has factors, and what goes in is added where that has the same form
   */
  private Chain inverted(
      String name, int start, int mid, int stride, int times, int out, boolean inStage) {
    boolean adds = inStage && stride == 1 && features == out;
    List<Step> steps = new ArrayList<>();
    int wide = times * features;
    if (start > 0) {
      int first = mid == 0 ? stride : 1;
      steps.add(nested(name + ".dw_start", features, start, first, features, false));
    }
    steps.add(nested(name + ".pw_exp", wide, 1, 1, 1, true));
    if (mid > 0) {
      steps.add(nested(name + ".dw_mid", wide, mid, stride, wide, true));
    }
    steps.add(nested(name + ".pw_proj", out, 1, 1, 1, false));
    Optional<String> scale = inStage ? Optional.of(name + ".layer_scale.gamma") : Optional.empty();
    return new Chain(steps, scale, adds, true);
  }

  private Attending attending(String name, int heads, int size, boolean shortens) {
    Optional<Shortening> shortening =
        shortens
            ? Optional.of(new Shortening(halved(name + ".attn.key"), halved(name + ".attn.value")))
            : Optional.empty();
    return new Attending(name, side, features, heads, size, shortening);
  }

  private Step halved(String name) {
    Window window = new Window(3, 2, features);
    return new Step(
        name + ".down_conv", name + ".norm", side, features, features, window, false, false);
  }

  private Step nested(String name, int out, int kernel, int stride, int groups, boolean active) {
    return step(name + ".conv", name + ".bn", out, kernel, stride, groups, false, active);
  }

  /** The next step, behind which the next one reads. */
  private Step step(
      String name,
      String norm,
      int out,
      int kernel,
      int stride,
      int groups,
      boolean bias,
      boolean active) {
    Window window = new Window(kernel, stride, groups);
    Step step = new Step(name, norm, side, features, out, window, bias, active);
    side = step.to();
    features = out;
    return step;
  }
}
