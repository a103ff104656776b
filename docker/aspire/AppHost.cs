// The order of a release in Aspire: the database answers, slipway brings it to the release, the
// application starts.
#:sdk Aspire.AppHost.Sdk@13.3.0
#:package Aspire.Hosting.PostgreSQL@13.3.0
#:package Aspire.Hosting.EntityFrameworkCore@13.3.0-preview.1.26256.5

var builder = DistributedApplication.CreateBuilder(args);

var database = builder.AddPostgres("postgres").AddDatabase("shop");

// An image of slipway and the script that EF wrote; see the Dockerfile there.
var migrations = builder.AddDockerfile("shop-migrations", "migrations")
    .WithEnvironment("Slipway__CreateDatabase", "true")
    .WithReference(database)
    .WaitFor(database);

var api = builder.AddProject("api", "../Shop.Api/Shop.Api.csproj")
    .WithReference(database)
    .WaitForCompletion(migrations);

// `aspire publish` writes efmigrations/shop-ef.sql, and nothing but slipway executes it.
api.AddEFMigrations("shop-ef").PublishAsMigrationScript();

builder.Build().Run();
