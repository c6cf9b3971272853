package dev.vramcast.core.architecture.family.vision;

import dev.vramcast.core.architecture.DecoderLayer;
import dev.vramcast.core.architecture.Encoder;
import dev.vramcast.core.architecture.LayerRun;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.ModelingFile;
import dev.vramcast.core.architecture.Tower;
import dev.vramcast.core.architecture.VisionStack;
import dev.vramcast.core.architecture.mlp.Activation;
import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.architecture.tensor.Norm;
import dev.vramcast.core.architecture.tensor.ParameterTensor;
import dev.vramcast.core.architecture.traits.LigerTraits;
import dev.vramcast.core.architecture.traits.ModelTraits;
import dev.vramcast.core.architecture.traits.Versions;
import dev.vramcast.core.architecture.vision.PatchEmbedding;
import dev.vramcast.core.architecture.vision.Projector;
import dev.vramcast.core.architecture.vision.TiledTower;
import java.util.List;
import java.util.Optional;

/** The vision encoder of Llama 3.2 Vision (transformers MllamaVisionModel). */
final class MllamaVision {

  private static final String PATH = "model.vision_model";

  /** Hidden states of a tile are filled up to a multiple of this. */
  private static final int MULTIPLE = 8;

  private final ModelConfig config;
  private final long size;
  private final long patch;
  private final int tiles;
  private final long rows;
  private final long cells;
  private final TowerBuilder tower = new TowerBuilder();

  private MllamaVision(ModelConfig config) {
    this.config = config;
    this.size = config.size("hidden_size", 1280);
    this.patch = config.size("patch_size", 14);
    this.tiles = Math.toIntExact(config.size("max_num_tiles", 4));
    long ratios = config.list("supported_aspect_ratios").size();
    this.rows = (ratios == 0 ? 8 : ratios) + 1;
    this.cells = VisionEncoders.square(config.size("image_size", 448) / patch) + 1;
  }

  /**
   * The tower, whose result layers of the language model look at.
   *
   * @param textHidden features of the language model
   * @param layers of the language model, those that look among them
   * @param parts towers whose parameters are in those layers
   */
  static Tower tower(
      ModelConfig config, long textHidden, List<LayerRun> layers, List<String> parts) {
    return new MllamaVision(config).build(textHidden, layers, parts);
  }

  private Tower build(long textHidden, List<LayerRun> layers, List<String> parts) {
    TiledTower tiled = tiled();
    Linear pixels = new Linear(PATH + ".patch_embedding", 3 * patch * patch, size, false);
    tower.weight(pixels.name(), false, size, 3, patch, patch);
    DecoderLayer local = layer(false);
    int globals = VisionEncoders.layers(config, "num_global_layers", 8);
    DecoderLayer global = layer(true);
    tower
        .layers(PATH + ".transformer.layers", local, tiled.local())
        .layers(PATH + ".global_transformer.layers", global, globals);
    Linear projection =
        new Linear(
            "model.multi_modal_projector",
            config.size("vision_output_dim", 7680),
            textHidden,
            true);
    tower.linear(projection);
    VisionStack stack =
        new VisionStack(
            ModelTraits.builder()
                .ignoresCheckpointing(Versions.ALL)
                .build()
                .reachedBy(LigerTraits.NONE),
            new ModelingFile(
                "transformers/models/mllama/modeling_mllama.py",
                "MllamaVision",
                "EncoderLayer",
                ""),
            PatchEmbedding.of(pixels).order(PatchEmbedding.Order.IN_TILES),
            PATH + ".transformer.layers",
            List.of(
                new LayerRun(List.of(local), tiled.local()),
                new LayerRun(List.of(global), globals)),
            Optional.empty(),
            VisionStack.Unread.NOTHING);
    Projector projector =
        new Projector.Perceptron(Optional.empty(), List.of(projection), Activation.GELU);
    Encoder encoder =
        Encoder.of(stack, projector, VisionEncoders.fixed(tiled.sequence(), 1, 0))
            .crossing(Encoder.Crossing.ofImages(tiled, layers, parts));
    return tower.build("vision", encoder);
  }

  private TiledTower tiled() {
    int local = VisionEncoders.layers(config, "num_hidden_layers", 32);
    long length = (cells + MULTIPLE - 1) / MULTIPLE * MULTIPLE;
    TiledTower tiled =
        new TiledTower(
            new TiledTower.Size(tiles, Math.toIntExact(cells), Math.toIntExact(length), size),
            vectors(),
            VisionEncoders.norm(PATH + ".layernorm_pre", size),
            VisionEncoders.norm(PATH + ".layernorm_post", size),
            local,
            read(local));
    TiledTower.Vectors vectors = tiled.vectors();
    for (ParameterTensor each : List.of(vectors.classToken(), vectors.place())) {
      tower.tensor(each);
    }
    for (TiledTower.Gated each : List.of(vectors.before(), vectors.position(), vectors.behind())) {
      tower.tensor(each.table()).tensor(each.gate());
    }
    tower.norm(tiled.first()).norm(tiled.middle());
    return tiled;
  }

  private TiledTower.Vectors vectors() {
    String positions = PATH + ".gated_positional_embedding";
    return new TiledTower.Vectors(
        VisionEncoders.parameter(PATH + ".class_embedding", size),
        byTile("pre"),
        new TiledTower.Gated(
            VisionEncoders.parameter(positions + ".embedding", cells, size),
            VisionEncoders.parameter(positions + ".gate", 1)),
        TowerBuilder.lookup(positions + ".tile_embedding", rows, tiles * cells * size),
        byTile("post"));
  }

  private TiledTower.Gated byTile(String word) {
    String path = PATH + "." + word + "_tile_positional_embedding";
    return new TiledTower.Gated(
        TowerBuilder.lookup(path + ".embedding", rows, tiles * size),
        VisionEncoders.parameter(path + ".gate", 1));
  }

  /** {@code intermediate_layers_indices}, as numbers of layers that have run. */
  private List<Integer> read(int local) {
    List<?> named = config.list("intermediate_layers_indices");
    List<?> indices = named.isEmpty() ? List.of(3, 7, 15, 23, 30) : named;
    return indices.stream()
        .filter(Number.class::isInstance)
        .map(each -> ((Number) each).intValue() + 1)
        .filter(each -> each > 0 && each <= local)
        .sorted()
        .toList();
  }

  private DecoderLayer layer(boolean gated) {
    long inner = config.size("intermediate_size", 5120);
    int heads = Math.toIntExact(config.size("attention_heads", 16));
    return DecoderLayer.builder()
        .mixer(VisionEncoders.attention(config, heads, size, "o_proj", false))
        .mlp(VisionEncoders.mlp(config, size, inner, "gelu"))
        .beforeMixer(Optional.of(VisionEncoders.norm("input_layernorm", size)))
        .afterMixer(gate(gated, "gate_attn"))
        .beforeMlp(Optional.of(VisionEncoders.norm("post_attention_layernorm", size)))
        .afterMlp(gate(gated, "gate_ffn"))
        .build();
  }

  private static Optional<Norm> gate(boolean gated, String name) {
    return gated ? Optional.of(new Norm(name, Norm.Type.GATE, 1, true, false)) : Optional.empty();
  }
}
