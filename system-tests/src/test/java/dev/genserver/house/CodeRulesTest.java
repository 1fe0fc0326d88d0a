package dev.genserver.house;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaPackage;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/// What holds for all code that is shipped.
class CodeRulesTest {

  @Test
  void packagesHaveNoCycles() {
    slices().matching("dev.genserver.(**)").should().beFreeOfCycles().check(Product.CLASSES);
  }

  @Test
  void nothingIsNullUnlessSaid() {
    var packages = Product.CLASSES.stream().map(JavaClass::getPackage).collect(Collectors.toSet());

    assertThat(packages).hasSizeGreaterThanOrEqualTo(12);
    assertThat(packages)
        .filteredOn(found -> !found.isAnnotatedWith(NullMarked.class))
        .extracting(JavaPackage::getName)
        .isEmpty();
  }

  @Test
  void onlyProgramsWriteToStandardStreams() {
    noClasses()
        .that(
            not(
                resideInAPackage("dev.genserver.cli")
                    .or(
                        nameMatching(
                            "dev\\.genserver\\.daemon\\.(Main|Commands|TlsCommand|TokenCommand)"))
                    // Looks who has put others in their place.
                    .or(nameMatching("dev\\.genserver\\.runtime\\.Holders"))))
        .should(ACCESS_STANDARD_STREAMS)
        .check(Product.CLASSES);
  }

  @Test
  void onlyTheBindingAndUpgradesReflectOnPlugins() {
    noClasses()
        .that()
        .resideOutsideOfPackages("dev.genserver.daemon.binding", "dev.genserver.client")
        .and()
        // These look into the JDK for what a removed plugin has left.
        .haveNameNotMatching("dev\\.genserver\\.runtime\\.(Holders|PrivateFields|StaticFields)")
        .and()
        // These carry states to another version's classes, and make that version's servers.
        .haveNameNotMatching(
            "dev\\.genserver\\.runtime\\.(JavaType|PlainData|RecordShape|StateReader|Copies)(\\$.*)?")
        .and()
        .haveNameNotMatching("dev\\.genserver\\.daemon\\.plugin\\.ServerFactories")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("java.lang.reflect")
        .check(Product.CLASSES);
  }
}
