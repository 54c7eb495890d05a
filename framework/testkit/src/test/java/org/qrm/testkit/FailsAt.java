package org.qrm.testkit;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Says by which check of its contract a wrong implementation is found. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@interface FailsAt {

    /** Name of the test. */
    String value();

    /** What its message says. */
    String saying();
}
