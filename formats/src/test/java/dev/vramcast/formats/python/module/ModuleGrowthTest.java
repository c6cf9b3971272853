package dev.vramcast.formats.python.module;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.formats.python.module.Imports.Import;
import dev.vramcast.input.tree.Mark;
import dev.vramcast.input.tree.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Modules of any length are read in a time that grows as they do. */
class ModuleGrowthTest {

  /** Whose square is within the time, and whose cube is hours. */
  private static final int BLANKS = 20_000;

  @Test
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD, unit = TimeUnit.SECONDS)
  void blanks_are_passed_over_once() {
    String blanks = " ".repeat(BLANKS);

    assertThat(Imports.of("from" + blanks + "x" + blanks)).isEmpty();
    assertThat(Imports.of(blanks + "from" + blanks + "x" + blanks + "import" + blanks + "y"))
        .containsExactly(new Import(0, "x", "y", "y"));
  }

  @Test
  void modules_are_named_by_dots_as_well() {
    assertThat(Imports.of("from . import a\nfrom .. b import c as d\nfrom .e import f, g\n"))
        .containsExactly(
            new Import(1, "", "a", "a"),
            new Import(2, "b", "c", "d"),
            new Import(1, "e", "f", "f"),
            new Import(1, "e", "g", "g"));
  }

  @Test
  void a_function_may_have_any_number_of_decorators() {
    List<Node.Scalar> lines = new ArrayList<>();
    for (int i = 0; i < 50_000; i++) {
      lines.add(new Node.Scalar("@kept", Mark.of(i + 1)));
    }
    lines.add(new Node.Scalar("def f():", Mark.of(lines.size() + 1)));

    assertThat(ModuleParts.of(lines))
        .singleElement()
        .extracting(ModuleParts.Part::name)
        .isEqualTo("f");
  }

  @Test
  @Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD, unit = TimeUnit.SECONDS)
  void a_notebook_may_be_one_line_of_any_length() {
    int lines = 200_000;
    StringBuilder text = new StringBuilder("{\"cells\":[{\"cell_type\":\"code\",\"source\":[");
    List<Node> source = new ArrayList<>();
    for (int i = 0; i < lines; i++) {
      source.add(new Node.Scalar("x = [1, 2, 3]\n", new Mark(1, text.length() + 1)));
      text.append("\"x = [1, 2, 3]\\n\",");
    }
    Node cell =
        new Node.Fields(
            Map.of(
                "cell_type",
                new Node.Scalar("code", Mark.of(1)),
                "source",
                new Node.Items(source, Mark.of(1))),
            Mark.of(1));

    assertThat(NotebookLines.of(new Node.Items(List.of(cell), Mark.of(1)), text + "]}]}").get(0))
        .hasSize(lines)
        .allMatch(line -> line.mark().column() > 1);
  }
}
