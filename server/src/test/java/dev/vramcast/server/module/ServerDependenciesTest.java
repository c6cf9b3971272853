package dev.vramcast.server.module;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTag;
import com.tngtech.archunit.junit.ArchTest;
import dev.vramcast.core.WithoutTests;
import dev.vramcast.core.input.ErrorTexts;
import org.junit.jupiter.api.Tag;

/** What the server stands on; the directions of the other modules are tested beside the program. */
@AnalyzeClasses(packages = "dev.vramcast", importOptions = WithoutTests.class)
@ArchTag("slow")
@Tag("slow")
class ServerDependenciesTest {

  private static final String SERVER = "dev.vramcast.server..";

  @ArchTest
  void the_server_stands_on_answers_and_opens_no_files(JavaClasses all) {
    classes()
        .that()
        .resideInAPackage(SERVER)
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            SERVER,
            "dev.vramcast.answers..",
            "dev.vramcast.catalog..",
            "dev.vramcast.core..",
            "dev.vramcast.formats..",
            "dev.vramcast.input..",
            "io.javalin..",
            "io.modelcontextprotocol..",
            "io.prometheus..",
            "jakarta.servlet..",
            "kotlin..",
            "org.jspecify.annotations",
            "org.eclipse.jetty..",
            "reactor.core..",
            "tools.jackson.databind..",
            "java.io..",
            "java.lang..",
            "java.math",
            "java.net..",
            "java.nio",
            "java.nio.charset",
            "java.time..",
            "java.util..")
        .check(all);
  }

  /** The protocol's library has a mapper of its own, which is given maps that input has read. */
  @ArchTest
  void the_server_parses_no_json_itself(JavaClasses all) {
    noClasses()
        .that()
        .resideInAPackage(SERVER)
        .should()
        .callMethodWhere(
            DescribedPredicate.describe(
                "something is parsed",
                call ->
                    call.getTargetOwner().getPackageName().startsWith("tools.jackson")
                        && call.getName().startsWith("read")))
        .orShould()
        .dependOnClassesThat()
        .resideInAPackage("tools.jackson.core..")
        .check(all);
  }

  @ArchTest
  void an_error_is_read_by_its_parts(JavaClasses all) {
    ErrorTexts.check(all);
  }

  @ArchTest
  void no_packages_of_the_server_use_each_other(JavaClasses all) {
    slices().matching("dev.vramcast.server.(**)").should().beFreeOfCycles().check(all);
  }

  /** What the packages are used by stands in the root, which none of them knows. */
  @ArchTest
  void packages_of_the_server_do_not_use_its_root(JavaClasses all) {
    noClasses()
        .that()
        .resideInAPackage("dev.vramcast.server.*..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.vramcast.server")
        .check(all);
  }

  @ArchTest
  void nobody_needs_the_server(JavaClasses all) {
    noClasses()
        .that()
        .resideOutsideOfPackage(SERVER)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(SERVER, "io.javalin..", "org.eclipse.jetty..", "io.prometheus..")
        .check(all);
  }
}
