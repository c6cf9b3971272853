package dev.vramcast.core.architecture.vision;

import dev.vramcast.core.architecture.tensor.ParameterTensor;
import dev.vramcast.core.architecture.tensor.TensorGroup;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A network of convolutions over square images of one size, of whose stages some are put together
 * (timm models/mobilenetv5.py MobileNetV5Encoder).
 *
 * @param side of an image in pixels
 * @param fusion what reads the stages that are put together, as wide and high as the first of them
 * @param cells a side of what it gives, which an average makes
 * @param last the name of the norm behind that
 */
public record ConvNet(
    int side, Step stem, List<Stage> stages, Chain fusion, int cells, String last) {

  public ConvNet {
    stages = List.copyOf(stages);
  }

  /** Blocks one behind the other. */
  public record Stage(List<Block> blocks, boolean fused) {

    public Stage {
      blocks = List.copyOf(blocks);
    }

    /** Features of what it gives. */
    public int out() {
      return blocks.get(blocks.size() - 1).out();
    }
  }

  /** What stands in a stage, with or without a sum of what goes in and what comes out. */
  public sealed interface Block {

    int out();

    /** Its parameters, in the order of its module. */
    List<ParameterTensor> tensors();

    /** Products of numbers that an image takes. */
    double products();
  }

  /**
   * How a convolution goes over what it reads.
   *
   * @param kernel its side
   * @param groups of features, each of which is read apart
   */
  public record Window(int kernel, int stride, int groups) {}

  /**
   * A convolution with a norm behind it, and an activation where it is active.
   *
   * @param norm the name of the norm
   * @param from a side of what it reads
   */
  public record Step(
      String name,
      String norm,
      int from,
      int in,
      int out,
      Window window,
      boolean bias,
      boolean active) {

    /** A side of what it gives, which is filled up ("same"). */
    public int to() {
      return (from + window.stride - 1) / window.stride;
    }

    /** A side of what is filled up in a tensor of its own, as no kernel fills one side alone. */
    public int filled() {
      return window.stride == 1 ? from : Math.max(from, (to() - 1) * window.stride + window.kernel);
    }

    public long weights() {
      return (long) out * in / window.groups * window.kernel * window.kernel;
    }

    private double products() {
      return (double) weights() * to() * to();
    }

    /** Weight, bias and norm. */
    public List<ParameterTensor> tensors() {
      List<ParameterTensor> all = new ArrayList<>();
      all.add(tensor(name + ".weight", out, in / window.groups, window.kernel, window.kernel));
      if (bias) {
        all.add(tensor(name + ".bias", out));
      }
      all.add(tensor(norm + ".weight", out));
      return all;
    }
  }

  /**
   * Steps one behind the other.
   *
   * @param scale the name of factors behind the last, one a feature; empty where there are none
   * @param adds what goes in is added to what comes out
   * @param nested each step is a module of its own, whose caller names what it reads
   */
  public record Chain(List<Step> steps, Optional<String> scale, boolean adds, boolean nested)
      implements Block {

    public Chain {
      steps = List.copyOf(steps);
    }

    @Override
    public int out() {
      return steps.get(steps.size() - 1).out();
    }

    @Override
    public List<ParameterTensor> tensors() {
      List<ParameterTensor> all = new ArrayList<>();
      steps.forEach(step -> all.addAll(step.tensors()));
      scale.ifPresent(each -> all.add(tensor(each, out())));
      return all;
    }

    @Override
    public double products() {
      return steps.stream().mapToDouble(Step::products).sum();
    }
  }

  /**
   * Attention whose queries share one head of keys and one of values (timm layers/attention2d.py
   * MultiQueryAttention2d). What goes in is added to what comes out.
   *
   * @param name of its module
   * @param side of what it reads
   * @param size features of a head
   * @param shortening of what keys and values are made of; empty where it is what queries are
   */
  public record Attending(
      String name, int side, int features, int heads, int size, Optional<Shortening> shortening)
      implements Block {

    @Override
    public int out() {
      return features;
    }

    public int queries() {
      return side * side;
    }

    /** Keys that each query sees. */
    public int keys() {
      return shortening.map(each -> each.ofKeys().to()).map(each -> each * each).orElse(queries());
    }

    @Override
    public List<ParameterTensor> tensors() {
      String attention = name + ".attn.";
      List<ParameterTensor> all = new ArrayList<>();
      all.add(tensor(name + ".norm.weight", features));
      all.add(tensor(attention + "query.proj.weight", (long) heads * size, features, 1, 1));
      shortening.ifPresent(each -> all.addAll(each.ofKeys().tensors()));
      all.add(tensor(attention + "key.proj.weight", size, features, 1, 1));
      shortening.ifPresent(each -> all.addAll(each.ofValues().tensors()));
      all.add(tensor(attention + "value.proj.weight", size, features, 1, 1));
      all.add(tensor(attention + "output.proj.weight", features, (long) heads * size, 1, 1));
      all.add(tensor(name + ".layer_scale.gamma", features));
      return all;
    }

    @Override
    public double products() {
      double around = 2.0 * heads * size * features * queries();
      double shared = 2.0 * size * features * keys();
      double seen = 2.0 * heads * size * queries() * keys();
      double shortened =
          shortening.map(each -> each.ofKeys().products() + each.ofValues().products()).orElse(0.0);
      return around + shared + seen + shortened;
    }
  }

  /** Convolutions that keys and values are made behind. */
  public record Shortening(Step ofKeys, Step ofValues) {}

  /** Its parameters, in the order of its modules. */
  public List<ParameterTensor> tensors() {
    List<ParameterTensor> all = new ArrayList<>(stem.tensors());
    for (Stage stage : stages) {
      stage.blocks().forEach(block -> all.addAll(block.tensors()));
    }
    all.addAll(fusion.tensors());
    all.add(tensor(last + ".weight", fusion.out()));
    return all;
  }

  /** Products of numbers that one of its cells takes, on the average. */
  public double products() {
    double all = stem.products() + fusion.products();
    for (Stage stage : stages) {
      all += stage.blocks().stream().mapToDouble(Block::products).sum();
    }
    return all / (cells * cells);
  }

  private static ParameterTensor tensor(String name, long... shape) {
    List<Long> dimensions = new ArrayList<>();
    for (long each : shape) {
      dimensions.add(each);
    }
    return new ParameterTensor(name, dimensions, TensorGroup.TOWER);
  }
}
