import ajvCompiler from '@fastify/ajv-compiler';
import jsonCompiler from '@fastify/fast-json-stringify-compiler';
import type { FastifyInstance, FastifySchemaCompiler, FastifySerializerCompiler } from 'fastify';

type Check = ReturnType<FastifySchemaCompiler<unknown>>;

/**
 * Has each schema compiled by the first request that needs it, where the framework compiles all of them as it starts: that
 * would be a good part of a start. It leaves compilers that it is given to themselves, so that schemas have to name headers
 * in lower case.
 */
export function compileWhenUsed(app: FastifyInstance): void {
  app.setValidatorCompiler(checkWhenUsed);
  app.setSerializerCompiler(writeWhenUsed);
}

/** Nothing is changed on the way in: what a schema does not say is refused, not mended. */
const compileCheck = ajvCompiler()(
  {},
  {
    customOptions: {
      coerceTypes: false,
      removeAdditional: false,
      useDefaults: false,
      allErrors: false,
      verbose: true,
    },
  },
) as FastifySchemaCompiler<unknown>;
const compileWrite = jsonCompiler()({}) as FastifySerializerCompiler<unknown>;

const checkWhenUsed: FastifySchemaCompiler<unknown> = (route) => {
  let compiled: Check | undefined;
  const check: Check = (data) => {
    compiled ??= compileCheck(route);
    const answer = compiled(data);
    // Where the framework looks for what is wrong.
    check.errors = compiled.errors ?? null;
    return answer;
  };
  return check;
};

const writeWhenUsed: FastifySerializerCompiler<unknown> = (route) => {
  let compiled: ReturnType<typeof compileWrite> | undefined;
  return (data) => {
    compiled ??= compileWrite(route);
    return compiled(data);
  };
};
