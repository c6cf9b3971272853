package dev.vramcast.core.architecture;

import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/**
 * Decoders with routed experts of small sizes, counted by instantiating the model in Transformers.
 */
class SparseFamiliesTest extends CountedFamilies {

  static Stream<Arguments> models() {
    return Configs.casesOf("counted-sparse-models.txt");
  }
}
