package dev.vramcast.core;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import dev.vramcast.core.calibration.JobScope;
import dev.vramcast.core.job.Framework;
import dev.vramcast.core.job.framework.Frameworks;
import dev.vramcast.core.range.JobKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a framework does is decided where its rules stand. Everything else reads what was decided,
 * and knows neither a framework's name nor its version.
 */
@AnalyzeClasses(
    packages = ArchitectureTest.CORE,
    importOptions = ImportOption.DoNotIncludeTests.class)
class FrameworkNamesTest {

  private static final Path SOURCES = Path.of("src/main/java/dev/vramcast/core");

  private static final Pattern LITERAL = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*+)\"");

  /** Words that are spelt like a framework and are something else: file and literal. */
  private static final Set<String> OTHER_WORDS =
      Set.of(
          // The document's default of framework.name.
          "job/document/EnvironmentKeys.java transformers",
          // Words for several methods or strategies.
          "job/document/SpokenWords.java peft",
          "job/document/SpokenWords.java deepspeed",
          // An option of trainers.
          "job/document/TrainerNames.java deepspeed",
          // Libraries, whose releases are looked up.
          "job/rule/CommonRules.java transformers",
          "job/rule/Releases.java transformers",
          "job/rule/CommonRules.java peft",
          "job/rule/CommonRules.java accelerate",
          "job/rule/CommonRules.java deepspeed",
          "job/rule/StatedVersions.java accelerate",
          "job/rule/StatedVersions.java deepspeed",
          "job/rule/StatedVersions.java peft",
          "job/rule/StatedVersions.java transformers",
          "job/rule/StatedVersions.java trl",
          // Who is taken to run PPO where nobody says it.
          "job/rule/StatedVersions.java verl",
          // Labels of an engine, of a strategy and of an optimizer's implementation.
          "job/objective/GenerationEngine.java transformers",
          "job/option/Strategy.java megatron",
          "job/option/OptimizerImplementation.java deepspeed",
          // Which library's version a correction is for.
          "calibration/JobScope.java transformers");

  @ArchTest
  void below_the_resolver_nobody_asks_who_runs_a_job(JavaClasses core) {
    Set<String> identity = Set.of("name", "version", "atLeast");
    noClasses()
        .that()
        .resideOutsideOfPackages(
            ArchitectureTest.CORE + ".job.framework..", ArchitectureTest.CORE + ".job.resolve")
        .and()
        .doNotBelongToAnyOf(Framework.class, JobScope.class, JobKind.class)
        .should()
        .accessTargetWhere(
            describe(
                "a framework's name or version is read",
                (JavaAccess<?> access) ->
                    access.getTargetOwner().isEquivalentTo(Framework.class)
                        && identity.contains(access.getTarget().getName())))
        .because("corrections and ranges alone go by whose runs they were made from")
        .check(core);
  }

  @ArchTest
  void below_the_resolver_no_framework_is_spelt_out(JavaClasses core) throws IOException {
    Set<String> names = Set.copyOf(Frameworks.names());
    List<String> found = new ArrayList<>();
    try (Stream<Path> files = Files.walk(SOURCES)) {
      for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
        String path = SOURCES.relativize(file).toString().replace('\\', '/');
        Matcher literal = LITERAL.matcher(Files.readString(file));
        while (!path.startsWith("job/framework/") && literal.find()) {
          if (names.contains(literal.group(1))) {
            found.add(path + " " + literal.group(1));
          }
        }
      }
    }

    assertThat(Set.copyOf(found)).isEqualTo(OTHER_WORDS);
  }
}
