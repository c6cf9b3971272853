package dev.vramcast.core.architecture.family.build;

import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.mixer.Attention;
import dev.vramcast.core.architecture.mixer.Gating;
import dev.vramcast.core.architecture.mixer.Rotary;
import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.architecture.tensor.Norm;
import java.util.List;
import java.util.Optional;

/** Multi-head attention with Llama's module names; each family changes what differs. */
public final class AttentionBuilder {

  private final Shape shape;
  private String path = "self_attn";
  private List<String> names = List.of("q_proj", "k_proj", "v_proj");
  private String outputName = "o_proj";
  private boolean qkvBias;
  private boolean outputBias;
  private int valueSize;
  private Optional<Norm> queryNorm = Optional.empty();
  private Optional<Norm> keyNorm = Optional.empty();
  private Optional<Norm> outputNorm = Optional.empty();
  private boolean outputGate;
  private String gate = "";
  private long gateWidth;
  private Gating gating = Gating.SIGMOID_OF_FIRST;
  private Rotary rotary;
  private int window;
  private double softcap;
  private boolean sinks;
  private double dropout;
  private boolean clipped;
  private boolean differential;

  public AttentionBuilder(Shape shape) {
    this.shape = shape;
    this.rotary = new Rotary(Rotary.Style.HALF, shape.headSize());
    this.valueSize = shape.headSize();
  }

  /** Features of a value head where they are not a key's. */
  public AttentionBuilder valueSize(int size) {
    this.valueSize = size;
    return this;
  }

  /** Path of the module below the layer. */
  public AttentionBuilder path(String path) {
    this.path = path;
    return this;
  }

  /** Names of the query, key and value projections, or one name for all three. */
  public AttentionBuilder names(String... names) {
    this.names = List.of(names);
    return this;
  }

  public AttentionBuilder outputName(String outputName) {
    this.outputName = outputName;
    return this;
  }

  public AttentionBuilder bias(boolean qkv, boolean output) {
    this.qkvBias = qkv;
    this.outputBias = output;
    return this;
  }

  /** Norms over the features of each head; a layer norm has a bias. */
  public AttentionBuilder headNorms(Norm.Type type, String query, String key) {
    boolean bias = type == Norm.Type.LAYER;
    this.queryNorm = Optional.of(new Norm(below(query), type, shape.headSize(), true, bias));
    this.keyNorm = Optional.of(new Norm(below(key), type, shape.headSize(), true, bias));
    return this;
  }

  /** Norms over the features of all heads, without bias. */
  public AttentionBuilder fullNorms(Norm.Type type, String query, String key) {
    this.queryNorm = Optional.of(new Norm(below(query), type, shape.queryWidth(), true, false));
    this.keyNorm = Optional.of(new Norm(below(key), type, shape.keyWidth(), true, false));
    return this;
  }

  /** Layer norms over the features of each head, whose weights are those of all heads. */
  public AttentionBuilder weightsOfAllHeads(String query, String key) {
    this.queryNorm = Optional.of(byHead(query, shape.heads()));
    this.keyNorm = Optional.of(byHead(key, shape.kvHeads()));
    return this;
  }

  private Norm byHead(String name, long heads) {
    long size = heads * shape.headSize();
    return new Norm(below(name), Norm.Type.LAYER, size, true, false, heads);
  }

  /** One norm without weight over the features of each query and key head. */
  public AttentionBuilder weightlessHeadNorms(Norm.Type type, String name) {
    Norm norm = new Norm(below(name), type, shape.headSize(), false, false);
    this.queryNorm = Optional.of(norm);
    this.keyNorm = Optional.of(norm);
    return this;
  }

  /** A norm of this name over the features of all heads, before their projection. */
  public AttentionBuilder outputNorm(Norm.Type type, String name) {
    this.outputNorm = Optional.of(new Norm(below(name), type, shape.queryWidth(), true, false));
    return this;
  }

  public AttentionBuilder outputGate() {
    this.outputGate = true;
    return this;
  }

  /** A projection of this name yields a gate for the output. */
  public AttentionBuilder gate(String name) {
    this.gate = name;
    this.gateWidth = shape.queryWidth();
    return this;
  }

  /** A projection of this name and width yields a gate for the output so. */
  public AttentionBuilder gate(String name, long width, Gating code) {
    this.gate = name;
    this.gateWidth = width;
    this.gating = code;
    return this;
  }

  public AttentionBuilder rotary(Rotary.Style style, int dimensions) {
    this.rotary = style == Rotary.Style.NONE ? Rotary.NONE : new Rotary(style, dimensions);
    return this;
  }

  public AttentionBuilder rotary(Rotary.Style style) {
    return rotary(style, shape.headSize());
  }

  public AttentionBuilder window(int window) {
    this.window = window;
    return this;
  }

  /** A window whose tokens know their positions; without one none does. */
  public AttentionBuilder rotatedInWindow(int window) {
    return window(window).rotary(window > 0 ? Rotary.Style.HALF : Rotary.Style.NONE);
  }

  public AttentionBuilder softcap(double softcap) {
    this.softcap = softcap;
    return this;
  }

  public AttentionBuilder sinks() {
    this.sinks = true;
    return this;
  }

  public AttentionBuilder dropout(double dropout) {
    this.dropout = dropout;
    return this;
  }

  /** Query, key and value are clamped where the key {@code clip_qkv} has a value. */
  public AttentionBuilder clipped(ModelConfig config) {
    this.clipped = config.number("clip_qkv", 0) > 0;
    return this;
  }

  /** Two halves of the heads' values are attended to, and one taken from the other. */
  public AttentionBuilder differential() {
    this.differential = true;
    return this;
  }

  public Attention build() {
    return Attention.builder()
        .heads(shape.heads())
        .kvHeads(shape.kvHeads())
        .headSize(shape.headSize())
        .qkv(projections())
        .output(
            new Linear(
                below(outputName), (long) shape.heads() * valueSize, shape.hidden(), outputBias))
        .queryNorm(queryNorm)
        .keyNorm(keyNorm)
        .outputGate(outputGate)
        .gate(
            gate.isEmpty()
                ? Optional.empty()
                : Optional.of(new Linear(below(gate), shape.hidden(), gateWidth, false)))
        .gating(gating)
        .rotary(rotary)
        .slidingWindow(window)
        .logitSoftcap(softcap)
        .sinks(sinks)
        .dropout(dropout)
        .clipped(clipped)
        .differential(differential)
        .outputNorm(outputNorm)
        .build();
  }

  private List<Linear> projections() {
    long query = (outputGate ? 2 : 1) * shape.queryWidth();
    if (names.size() == 1) {
      return List.of(projection(names.get(0), query + 2 * shape.keyWidth()));
    }
    return List.of(
        projection(names.get(0), query),
        projection(names.get(1), shape.keyWidth()),
        projection(names.get(2), (long) shape.kvHeads() * valueSize));
  }

  private Linear projection(String name, long out) {
    return new Linear(below(name), shape.hidden(), out, qkvBias);
  }

  private String below(String name) {
    return path + "." + name;
  }
}
