package org.qrm.http.internal;

import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import org.junit.Test;

public class PlainHttpGateTest {

    @Test
    public void letsBootLoadersAndHealthThrough() {
        assertTrue(PlainHttpGate.isPublic("/boot/pxelinux.cfg/01-52-54-00-aa-00-01"));
        assertTrue(PlainHttpGate.isPublic("/boot/images/debian/vmlinuz"));
        assertTrue(PlainHttpGate.isPublic("/healthz"));
        assertTrue(PlainHttpGate.isPublic("/readyz"));
    }

    @Test
    public void refusesEverythingElse() {
        for (String path : new String[] {"/", "/api/v1/resources", "/node/v1/register", "/bootstrap", "/healthz/x"}) {
            assertFalse(path, PlainHttpGate.isPublic(path));
        }
    }

    @Test
    public void refusesAWayOutOfBoot() {
        for (String path : new String[] {"/boot/../api/v1", "/boot/%2e%2e/api/v1", "/boot/%2E./api/v1"}) {
            assertFalse(path, PlainHttpGate.isPublic(path));
        }
    }
}
