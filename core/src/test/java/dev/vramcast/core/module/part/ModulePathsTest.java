package dev.vramcast.core.module.part;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModulePathsTest {

  @ParameterizedTest
  @CsvSource({
    "model.embed_tokens, embed_tokens, true",
    "model.embed_tokens, tokens, true",
    "model.embed_tokens, embed, false",
    "model.layers.0.mlp.gate, mlp, true",
    "model.layers.0.mlp.gate, layers.0.mlp, true",
    "model.layers.0.mlp.gate, 0.ml, false",
    "gate, mlp.gate, false"
  })
  void whatIsSavedEndsAsItsNameOrIsInsideOfWhatDoes(String path, String name, boolean saved) {
    assertEquals(saved, ModulePaths.isSaved(path, List.of("nothing", name)));
  }
}
