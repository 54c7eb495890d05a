package org.qrm.commands;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.InputCoercionException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import java.util.Collection;
import java.util.Map;
import java.util.stream.Collectors;
import org.qrm.api.Name;
import org.qrm.api.QrmException;

/** Says in plain words what is wrong with a JSON body. */
final class JsonProblems {

    private JsonProblems() {}

    static QrmException explain(JsonProcessingException e) {
        if (e.getCause() instanceof QrmException known) {
            return known;
        }
        if (e instanceof UnrecognizedPropertyException unknown) {
            return unknown(unknown);
        }
        if (e instanceof MismatchedInputException mismatch
                && !mismatch.getPath().isEmpty()) {
            return problem(
                    path(mismatch), "this field must be " + expected(mismatch.getTargetType()), "Correct the field.");
        }
        if (e instanceof JsonMappingException mapping && mapping.getCause() instanceof InputCoercionException) {
            return problem(path(mapping), "this number is too large or not whole", "Correct the field.");
        }
        if (e instanceof InputCoercionException) {
            return problem("", "a number is too large or not whole" + at(e), "Correct the number.");
        }
        if (e instanceof StreamConstraintsException) {
            return problem(
                    "",
                    "it nests too deeply, or a name, number or text in it is too long" + at(e),
                    "Send what the OpenAPI document describes.");
        }
        if (e instanceof MismatchedInputException) {
            return problem("", "it is not a JSON object" + at(e), "Send one JSON object.");
        }
        String message = e.getOriginalMessage().lines().findFirst().orElse("");
        return problem("", "it is not JSON" + at(e) + ": " + Name.printable(message), "Correct the JSON.");
    }

    private static QrmException unknown(UnrecognizedPropertyException e) {
        Collection<Object> known = e.getKnownPropertyIds();
        String names = known == null
                ? ""
                : known.stream().map(Object::toString).sorted().collect(Collectors.joining(", "));
        return problem(path(e), "there is no such field", "Leave it out. Fields are: " + names + ".");
    }

    private static String path(JsonMappingException e) {
        StringBuilder path = new StringBuilder();
        for (JsonMappingException.Reference step : e.getPath()) {
            if (step.getFieldName() == null) {
                path.append('[').append(step.getIndex()).append(']');
            } else {
                path.append(path.isEmpty() ? "" : ".").append(step.getFieldName());
            }
        }
        return Name.printable(path.toString());
    }

    private static String expected(Class<?> type) {
        if (type == null) {
            return "of another type";
        }
        if (type.isEnum()) {
            return "one of " + String.join(", ", Words.all(type));
        }
        if (type == Integer.class || type == int.class || type == Long.class || type == long.class) {
            return "a whole number";
        }
        if (type == Boolean.class || type == boolean.class) {
            return "true or false";
        }
        if (type == String.class) {
            return "a text";
        }
        if (type == ResourceRef.class) {
            return "the number, name or MAC address of a resource";
        }
        if (Collection.class.isAssignableFrom(type)) {
            return "a list";
        }
        return Map.class.isAssignableFrom(type) || type.isRecord() ? "an object" : "of another type";
    }

    private static String at(JsonProcessingException e) {
        JsonLocation where = e.getLocation();
        return where == null ? "" : " at line " + where.getLineNr() + ", column " + where.getColumnNr();
    }

    private static QrmException problem(String subject, String reason, String remedy) {
        return QrmException.invalid("read the request", subject, reason, remedy);
    }
}
