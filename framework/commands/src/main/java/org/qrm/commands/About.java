package org.qrm.commands;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Describes a field of a request or an answer; requests are checked against it and the OpenAPI document shows it. */
@Target(ElementType.RECORD_COMPONENT)
@Retention(RetentionPolicy.RUNTIME)
public @interface About {

    /** What it is, with its unit. */
    String value();

    /** May be absent from a request or null. */
    boolean optional() default false;

    /** Longest text in characters, or most items of a list. */
    int most() default 1000;
}
