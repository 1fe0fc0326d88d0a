package dev.genserver.client;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.cfg.MapperConfig;
import tools.jackson.databind.introspect.Annotated;
import tools.jackson.databind.introspect.AnnotatedClass;
import tools.jackson.databind.introspect.JacksonAnnotationIntrospector;
import tools.jackson.databind.jsontype.NamedType;

/// Tells Jackson of sealed families of records, which carry no annotations. Those that do are left
/// to Jackson.
final class FamilyIntrospector extends JacksonAnnotationIntrospector {

  private static final long serialVersionUID = 1;

  @Override
  public JsonTypeInfo.@Nullable Value findPolymorphicTypeInfo(
      MapperConfig<?> config, Annotated annotated) {
    var annotation = super.findPolymorphicTypeInfo(config, annotated);
    if (annotation != null || !(annotated instanceof AnnotatedClass)) {
      return annotation;
    }
    var type = annotated.getRawType();
    return Families.isFamily(type) || Families.isMember(type)
        ? JsonTypeInfo.Value.construct(
            JsonTypeInfo.Id.NAME, JsonTypeInfo.As.PROPERTY, Families.TAG, null, false, null, null)
        : null;
  }

  @Override
  public @Nullable List<NamedType> findSubtypes(MapperConfig<?> config, Annotated annotated) {
    var annotation = super.findSubtypes(config, annotated);
    var type = annotated.getRawType();
    if (annotation != null || !Families.isFamily(type)) {
      return annotation;
    }
    return Families.members(type).stream()
        .map(member -> new NamedType(member, Families.tagOf(member)))
        .toList();
  }

  @Override
  public @Nullable String findTypeName(MapperConfig<?> config, AnnotatedClass annotated) {
    var annotation = super.findTypeName(config, annotated);
    return annotation == null && Families.isMember(annotated.getRawType())
        ? Families.tagOf(annotated.getRawType())
        : annotation;
  }
}
