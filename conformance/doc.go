// Package conformance judges an implementation of a contract by talking to it, and to nothing else of
// this project: probes talk to the target and leave evidence, checks judge the evidence, and Run turns a
// target and options into a report. Each contract brings its probes and checks from a folder of its own;
// nothing here knows which contract it judges.
package conformance
