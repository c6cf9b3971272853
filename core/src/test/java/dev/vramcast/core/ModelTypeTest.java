package dev.vramcast.core;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.family.Families;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * A model type is read by its family, names a model to people, and stands in the list of those that
 * a framework registers: nothing else asks for it.
 */
@AnalyzeClasses(
    packages = ArchitectureTest.CORE,
    importOptions = ImportOption.DoNotIncludeTests.class)
class ModelTypeTest {

  private static final Path SOURCES = Path.of("src/main/java/dev/vramcast/core");
  private static final Path FAMILIES = SOURCES.resolve("architecture/family");
  private static final Path FRAMEWORKS = SOURCES.resolve("job/framework");
  private static final Pattern LITERAL = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*+)\"");
  private static final Pattern PART =
      Pattern.compile("\\.(?:startsWith|contains|matches)\\(\\s*\"([^\"]*)\"");

  /** Where a text decides: labels of a switch, comparisons, and sets that are asked. */
  private static final Pattern BRANCH =
      Pattern.compile(
          "case\\s+\"[^>:;]*(?:->|:)|(?:equals|contains|startsWith)\\(\\s*\"[^\"]*\""
              + "|Set\\.of\\([^)]*\\)");

  /** Kinds of layers that are called as a model type is. */
  private static final Set<String> LAYERS = Set.of("mamba");

  /** Who writes it: refusals, a teacher's name, and the scope of a correction. */
  private static final Set<String> WORDS =
      Set.of(
          "AdapterChecks",
          "AttentionRules",
          "ImageChecks",
          "JobChecks",
          "LayerSharingChecks",
          "NarrowChecks",
          "LibraryChecks",
          "JobScope",
          "MegatronScope",
          "MemoryEstimator",
          "ObjectiveRules",
          "OtherReleases",
          "ShardChecks",
          "SoundChecks");

  @ArchTest
  void only_words_for_people_name_a_model_type(JavaClasses core) {
    noClasses()
        .that()
        .resideOutsideOfPackage(ArchitectureTest.CORE + ".architecture..")
        .and(describe("are not words for people", type -> !WORDS.contains(type.getSimpleName())))
        .should()
        .accessTargetWhere(
            describe(
                "the model type is asked",
                (JavaAccess<?> access) ->
                    access.getTargetOwner().isEquivalentTo(Architecture.class)
                        && access.getTarget().getName().equals("modelType")))
        .check(core);
  }

  @Test
  void no_known_model_type_stands_outside_the_families_and_what_frameworks_register() {
    Set<String> types = Families.supported();
    Set<String> found = new TreeSet<>();
    for (Path file : others()) {
      LITERAL
          .matcher(text(file))
          .results()
          .filter(literal -> types.contains(literal.group(1)))
          .filter(literal -> !file.startsWith(FRAMEWORKS))
          .forEach(literal -> found.add(file.getFileName() + " " + literal.group()));
      PART.matcher(text(file))
          .results()
          .filter(part -> part.group(1).length() > 2)
          .filter(part -> types.stream().anyMatch(type -> type.startsWith(part.group(1))))
          .forEach(part -> found.add(file.getFileName() + " " + part.group()));
    }

    assertThat(found).isEmpty();
  }

  @Test
  void only_families_and_the_scope_of_a_correction_know_the_key() {
    assertThat(others().stream().filter(file -> text(file).contains("\"model_type\"")))
        .allMatch(file -> file.endsWith("JobScope.java"));
  }

  @Test
  void the_tables_of_families_list_each_type_once() {
    List<String> listed =
        Stream.of("TextTable.java", "EncoderTable.java")
            .flatMap(table -> LITERAL.matcher(text(FAMILIES.resolve(table))).results())
            .map(literal -> literal.group(1))
            .filter(Families.supported()::contains)
            .toList();

    assertThat(listed).doesNotHaveDuplicates().hasSameSizeAs(Families.supported());
  }

  @Test
  void no_family_branches_by_a_model_type() {
    Set<String> found = new TreeSet<>();
    for (Path file : sources(path -> path.startsWith(FAMILIES))) {
      BRANCH
          .matcher(text(file))
          .results()
          .flatMap(branch -> LITERAL.matcher(branch.group()).results())
          .filter(literal -> Families.supported().contains(literal.group(1)))
          .filter(literal -> !LAYERS.contains(literal.group(1)))
          .forEach(literal -> found.add(file.getFileName() + " " + literal.group()));
    }

    assertThat(found).isEmpty();
  }

  /** The sources of core outside the families. */
  private static List<Path> others() {
    return sources(path -> !path.startsWith(FAMILIES));
  }

  private static List<Path> sources(Predicate<Path> wanted) {
    try (Stream<Path> files = Files.walk(SOURCES)) {
      return files.filter(file -> file.toString().endsWith(".java")).filter(wanted).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
