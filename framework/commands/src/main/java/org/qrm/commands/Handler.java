package org.qrm.commands;

/** Carries out a request. */
@FunctionalInterface
public interface Handler {

    /** @throws org.qrm.api.QrmException when it is not done, with the reason */
    Answer handle(Call call) throws Exception;
}
